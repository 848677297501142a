-- The first schema with synthetic data, as kept by SQLite (sqlite3 .dump). Never edited.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migration (number integer PRIMARY KEY, applied_at TEXT NOT NULL);
INSERT INTO schema_migration VALUES(1,'2026-11-24T18:33:44.830929Z');
CREATE TABLE district (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL
);
INSERT INTO district VALUES('@district','Riverside Unified','America/Los_Angeles');
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO counter VALUES('version',2);
INSERT INTO counter VALUES('run',3);
INSERT INTO counter VALUES('segment',1);
CREATE TABLE configuration (
  number INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL
);
INSERT INTO configuration VALUES(1,'{"id":"first"}','ada','2026-11-24T12:00:00.000000Z');
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  encrypted BLOB NOT NULL
);
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  state TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  started_by TEXT NOT NULL,
  configuration_version INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  version INTEGER,
  report TEXT,
  progress TEXT,
  cancel_requested INTEGER NOT NULL DEFAULT 0
);
INSERT INTO run VALUES(1,'synergy','published','command','ada',1,'2026-11-24T12:00:00.000000Z','2026-11-24T12:00:00.000000Z',1,'{"version":1}',NULL,0);
INSERT INTO run VALUES(2,'synergy','published','command','ada',1,'2026-11-24T12:00:00.000000Z','2026-11-24T12:00:00.000000Z',2,'{"version":2}',NULL,0);
INSERT INTO run VALUES(3,'synergy','failed','command','ada',1,'2026-11-24T12:00:00.000000Z','2026-11-24T12:00:00.000000Z',NULL,'{"failure":null}',NULL,0);
CREATE TABLE version (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  app TEXT NOT NULL,
  published_at TEXT NOT NULL,
  published_by TEXT NOT NULL,
  configuration_version INTEGER NOT NULL,
  reason TEXT,
  changes TEXT NOT NULL,
  totals TEXT NOT NULL
);
INSERT INTO version VALUES(1,1,'synergy','2026-11-24T12:00:00.000000Z','ada',3,'because','{"school":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"calendar":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"course":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"class":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"student":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"teacher":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"admin":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"contact":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"enrollment":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true}}','{"school":1,"calendar":1,"course":1,"class":1,"student":1,"teacher":1,"admin":1,"contact":1,"enrollment":1}');
INSERT INTO version VALUES(2,2,'synergy','2026-11-24T12:00:00.000000Z','ada',3,'because','{"student":{"Create":0,"Update":1,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"admin":{"Create":0,"Update":0,"Delete":1,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true}}','{"school":1,"calendar":1,"course":1,"class":1,"student":1,"teacher":1,"admin":0,"contact":1,"enrollment":1}');
CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  collection INTEGER NOT NULL,
  run INTEGER NOT NULL,
  records INTEGER NOT NULL,
  "index" BLOB NOT NULL,
  data BLOB NOT NULL
);
INSERT INTO segment VALUES(1,'synergy',5,1,1,X'0102',X'0300ff');
CREATE TABLE acceptance (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE,
  app TEXT NOT NULL,
  derivation TEXT NOT NULL
);
INSERT INTO acceptance VALUES(1,1,'synergy','fingerprint 1');
INSERT INTO acceptance VALUES(2,2,'synergy','fingerprint 2');
CREATE TABLE unresolved (
  app TEXT NOT NULL,
  collection INTEGER NOT NULL,
  "from" BLOB NOT NULL,
  target BLOB NOT NULL,
  required INTEGER NOT NULL
);
INSERT INTO unresolved VALUES('synergy',6,X'602bcbc7be6c8007a59a91c2881cf57e',X'7536109a427482038194d1aaa2990076',1);
CREATE TABLE IF NOT EXISTS "school" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "name" TEXT,
  "type" TEXT,
  "identifier" TEXT,
  "parent" BLOB,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO school VALUES(X'67d8dc13097e8472a7ca3eab29be79a0',1,X'7fa97e0363ca54bed64e4893fc1bd8d2','o1',NULL,'Lincoln High',NULL,NULL,NULL,NULL);
CREATE TABLE school_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "name" TEXT,
  "type" TEXT,
  "identifier" TEXT,
  "parent" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "calendar" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "type" TEXT,
  "start_date" TEXT,
  "end_date" TEXT,
  "school_year" TEXT,
  "parent" BLOB,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO calendar VALUES(X'07ba22f179fa87ac9ef5d898a70a6f87',1,X'176897a34c482bbb804f6d55b484d96c','s1',NULL,NULL,NULL,'2026-08-10',NULL,NULL,NULL,NULL);
CREATE TABLE calendar_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "type" TEXT,
  "start_date" TEXT,
  "end_date" TEXT,
  "school_year" TEXT,
  "parent" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "course" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "course_code" TEXT,
  "grades" TEXT,
  "subjects" TEXT,
  "subject_codes" TEXT,
  "school" BLOB,
  "calendar" BLOB,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO course VALUES(X'0eddc5ee9b0c8eba9e2cbcbfe39c6794',1,X'd4369b6721f947b11d47e9fff98885f0','c1',NULL,NULL,NULL,NULL,NULL,NULL,X'67d8dc13097e8472a7ca3eab29be79a0',NULL,NULL);
CREATE TABLE course_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "course_code" TEXT,
  "grades" TEXT,
  "subjects" TEXT,
  "subject_codes" TEXT,
  "school" BLOB,
  "calendar" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "class" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "class_code" TEXT,
  "class_type" TEXT,
  "location" TEXT,
  "grades" TEXT,
  "subjects" TEXT,
  "subject_codes" TEXT,
  "periods" TEXT,
  "course" BLOB,
  "school" BLOB,
  "calendars" TEXT,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO class VALUES(X'3e6cc26758268f01a59646a06e5868f9',1,X'9f205e1b5c186fea9f060992ca817b5e','k1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'0eddc5ee9b0c8eba9e2cbcbfe39c6794',NULL,'["07ba22f1-79fa-87ac-9ef5-d898a70a6f87"]',NULL);
CREATE TABLE class_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "title" TEXT,
  "class_code" TEXT,
  "class_type" TEXT,
  "location" TEXT,
  "grades" TEXT,
  "subjects" TEXT,
  "subject_codes" TEXT,
  "periods" TEXT,
  "course" BLOB,
  "school" BLOB,
  "calendars" TEXT,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "student" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "student_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "grades" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "contacts" TEXT,
  "birth_date" TEXT,
  "sex" TEXT,
  "american_indian_or_alaska_native" INTEGER,
  "asian" INTEGER,
  "black_or_african_american" INTEGER,
  "native_hawaiian_or_other_pacific_islander" INTEGER,
  "white" INTEGER,
  "demographic_race_two_or_more_races" INTEGER,
  "hispanic_or_latino_ethnicity" INTEGER,
  "country_of_birth_code" TEXT,
  "state_of_birth_abbreviation" TEXT,
  "city_of_birth" TEXT,
  "public_school_residence_status" TEXT,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO student VALUES(X'7536109a427482038194d1aaa2990076',2,X'808ff30dd05879005020fa0488646a55','u1','["synergy"]',NULL,NULL,NULL,NULL,'Amara',NULL,'Đỗ, "O''Hara"',NULL,NULL,NULL,NULL,NULL,NULL,'["09","a,b"]',1,'["67d8dc13-097e-8472-a7ca-3eab29be79a0"]',X'67d8dc13097e8472a7ca3eab29be79a0','["ddb7bc9a-3773-8ef9-a068-2e8c380723b0"]','2012-02-29',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"locker":"12"}');
CREATE TABLE student_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "student_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "grades" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "contacts" TEXT,
  "birth_date" TEXT,
  "sex" TEXT,
  "american_indian_or_alaska_native" INTEGER,
  "asian" INTEGER,
  "black_or_african_american" INTEGER,
  "native_hawaiian_or_other_pacific_islander" INTEGER,
  "white" INTEGER,
  "demographic_race_two_or_more_races" INTEGER,
  "hispanic_or_latino_ethnicity" INTEGER,
  "country_of_birth_code" TEXT,
  "state_of_birth_abbreviation" TEXT,
  "city_of_birth" TEXT,
  "public_school_residence_status" TEXT,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
INSERT INTO student_history VALUES(X'7536109a427482038194d1aaa2990076',1,2,X'14db79a6573463b7707cc49d2a5364ce','u1',NULL,NULL,NULL,NULL,NULL,'Amy',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "teacher" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "staff_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "title" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO teacher VALUES(X'ce76c35ac597876ebf9ac60f787fbfda',1,X'5df75b3c716761752162d402acaa83ca','u3',NULL,NULL,NULL,NULL,'t@riverside.example',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE teacher_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "staff_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "title" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "admin" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "staff_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "title" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "metadata" TEXT
) WITHOUT ROWID;
CREATE TABLE admin_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "staff_number" TEXT,
  "state_id" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "title" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "primary_school" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
INSERT INTO admin_history VALUES(X'904dafdee7dd817fbc3abdc7b7184c5f',1,2,X'3e41e29b29ade379a0310be144c7ddda','u4',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "contact" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "identifier" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "students" TEXT,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO contact VALUES(X'ddb7bc9a37738ef9a0682e8c380723b0',1,X'b26fdd7434128c4b0b6c8a45f56a57d0','u2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE contact_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "identifier" TEXT,
  "username" TEXT,
  "email" TEXT,
  "given_name" TEXT,
  "middle_name" TEXT,
  "family_name" TEXT,
  "preferred_given_name" TEXT,
  "preferred_middle_name" TEXT,
  "preferred_family_name" TEXT,
  "pronouns" TEXT,
  "phone" TEXT,
  "sms" TEXT,
  "role" TEXT,
  "enabled" INTEGER,
  "schools" TEXT,
  "students" TEXT,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "enrollment" (
  id BLOB NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "person" BLOB,
  "class" BLOB,
  "school" BLOB,
  "role" TEXT,
  "primary" INTEGER,
  "begin_date" TEXT,
  "end_date" TEXT,
  "metadata" TEXT
) WITHOUT ROWID;
INSERT INTO enrollment VALUES(X'f08a00ee90f38286b33aae6438df3131',1,X'42f73396a81422b20240c9580467e85c','e1',NULL,X'7536109a427482038194d1aaa2990076',NULL,NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE enrollment_history (
  id BLOB NOT NULL,
  born INTEGER NOT NULL,
  died INTEGER NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "person" BLOB,
  "class" BLOB,
  "school" BLOB,
  "role" TEXT,
  "primary" INTEGER,
  "begin_date" TEXT,
  "end_date" TEXT,
  "metadata" TEXT,
  PRIMARY KEY (id, born)
) WITHOUT ROWID;
CREATE INDEX run_app ON run (app, number);
CREATE INDEX segment_app ON segment (app, collection, number);
CREATE INDEX segment_run ON segment (run);
CREATE INDEX acceptance_app ON acceptance (app, number);
CREATE INDEX unresolved_from ON unresolved (app, collection, "from");
CREATE INDEX unresolved_target ON unresolved (app, target);
CREATE INDEX school_since ON "school" (since, id);
CREATE INDEX school_sis_id ON "school" (lower(sis_id), id);
CREATE INDEX school_name ON "school" (lower(name), id);
CREATE INDEX school_history_born ON school_history (born, id);
CREATE INDEX school_history_died ON school_history (died, id);
CREATE INDEX calendar_since ON "calendar" (since, id);
CREATE INDEX calendar_sis_id ON "calendar" (lower(sis_id), id);
CREATE INDEX calendar_title ON "calendar" (lower(title), id);
CREATE INDEX calendar_history_born ON calendar_history (born, id);
CREATE INDEX calendar_history_died ON calendar_history (died, id);
CREATE INDEX course_since ON "course" (since, id);
CREATE INDEX course_sis_id ON "course" (lower(sis_id), id);
CREATE INDEX course_title ON "course" (lower(title), id);
CREATE INDEX course_history_born ON course_history (born, id);
CREATE INDEX course_history_died ON course_history (died, id);
CREATE INDEX class_since ON "class" (since, id);
CREATE INDEX class_sis_id ON "class" (lower(sis_id), id);
CREATE INDEX class_title ON "class" (lower(title), id);
CREATE INDEX class_course ON "class" ("course");
CREATE INDEX class_history_born ON class_history (born, id);
CREATE INDEX class_history_died ON class_history (died, id);
CREATE INDEX student_since ON "student" (since, id);
CREATE INDEX student_sis_id ON "student" (lower(sis_id), id);
CREATE INDEX student_family_name ON "student" (lower(family_name), id);
CREATE INDEX student_history_born ON student_history (born, id);
CREATE INDEX student_history_died ON student_history (died, id);
CREATE INDEX teacher_since ON "teacher" (since, id);
CREATE INDEX teacher_sis_id ON "teacher" (lower(sis_id), id);
CREATE INDEX teacher_family_name ON "teacher" (lower(family_name), id);
CREATE INDEX teacher_history_born ON teacher_history (born, id);
CREATE INDEX teacher_history_died ON teacher_history (died, id);
CREATE INDEX admin_since ON "admin" (since, id);
CREATE INDEX admin_sis_id ON "admin" (lower(sis_id), id);
CREATE INDEX admin_family_name ON "admin" (lower(family_name), id);
CREATE INDEX admin_history_born ON admin_history (born, id);
CREATE INDEX admin_history_died ON admin_history (died, id);
CREATE INDEX contact_since ON "contact" (since, id);
CREATE INDEX contact_sis_id ON "contact" (lower(sis_id), id);
CREATE INDEX contact_family_name ON "contact" (lower(family_name), id);
CREATE INDEX contact_history_born ON contact_history (born, id);
CREATE INDEX contact_history_died ON contact_history (died, id);
CREATE INDEX enrollment_since ON "enrollment" (since, id);
CREATE INDEX enrollment_sis_id ON "enrollment" (lower(sis_id), id);
CREATE INDEX enrollment_person ON "enrollment" ("person");
CREATE INDEX enrollment_class ON "enrollment" ("class");
CREATE INDEX enrollment_history_born ON enrollment_history (born, id);
CREATE INDEX enrollment_history_died ON enrollment_history (died, id);
COMMIT;
