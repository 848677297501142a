-- The tables of one district. IDs are their 16 bytes, lists and metadata are JSON, dates and times are ISO 8601 text, booleans are 0 and 1.
-- A released script is never edited: what changes later is a script of its own.

CREATE TABLE district (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL
);

-- The last number taken of each kind of number. The row "version" is what publishers queue for.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO counter (name, value) VALUES ('version', 0), ('run', 0), ('segment', 0);

CREATE TABLE configuration (
  number INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL
);

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
CREATE INDEX run_app ON run (app, number);

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

-- "index" stands before "data" so that reading it does not walk over the data.
CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  collection INTEGER NOT NULL,
  run INTEGER NOT NULL,
  records INTEGER NOT NULL,
  "index" BLOB NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX segment_app ON segment (app, collection, number);
CREATE INDEX segment_run ON segment (run);

-- The runs whose segments count. Apart from "segment", because marking there would write all the data a second time.
CREATE TABLE acceptance (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE,
  app TEXT NOT NULL,
  derivation TEXT NOT NULL
);
CREATE INDEX acceptance_app ON acceptance (app, number);

CREATE TABLE unresolved (
  app TEXT NOT NULL,
  collection INTEGER NOT NULL,
  "from" BLOB NOT NULL,
  target BLOB NOT NULL,
  required INTEGER NOT NULL
);
CREATE INDEX unresolved_from ON unresolved (app, collection, "from");
CREATE INDEX unresolved_target ON unresolved (app, target);

-- The roster: per kind the newest version, where "since" is the version that brought the values,
-- and the replaced values, which were valid for the versions born <= v < died.

CREATE TABLE "school" (
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
CREATE INDEX school_since ON "school" (since, id);
CREATE INDEX school_sis_id ON "school" (lower(sis_id), id);
CREATE INDEX school_name ON "school" (lower(name), id);

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
CREATE INDEX school_history_born ON school_history (born, id);
CREATE INDEX school_history_died ON school_history (died, id);

CREATE TABLE "calendar" (
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
CREATE INDEX calendar_since ON "calendar" (since, id);
CREATE INDEX calendar_sis_id ON "calendar" (lower(sis_id), id);
CREATE INDEX calendar_title ON "calendar" (lower(title), id);

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
CREATE INDEX calendar_history_born ON calendar_history (born, id);
CREATE INDEX calendar_history_died ON calendar_history (died, id);

CREATE TABLE "course" (
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
CREATE INDEX course_since ON "course" (since, id);
CREATE INDEX course_sis_id ON "course" (lower(sis_id), id);
CREATE INDEX course_title ON "course" (lower(title), id);

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
CREATE INDEX course_history_born ON course_history (born, id);
CREATE INDEX course_history_died ON course_history (died, id);

CREATE TABLE "class" (
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
CREATE INDEX class_since ON "class" (since, id);
CREATE INDEX class_sis_id ON "class" (lower(sis_id), id);
CREATE INDEX class_title ON "class" (lower(title), id);
CREATE INDEX class_course ON "class" ("course");

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
CREATE INDEX class_history_born ON class_history (born, id);
CREATE INDEX class_history_died ON class_history (died, id);

CREATE TABLE "student" (
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
CREATE INDEX student_since ON "student" (since, id);
CREATE INDEX student_sis_id ON "student" (lower(sis_id), id);
CREATE INDEX student_family_name ON "student" (lower(family_name), id);

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
CREATE INDEX student_history_born ON student_history (born, id);
CREATE INDEX student_history_died ON student_history (died, id);

CREATE TABLE "teacher" (
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
CREATE INDEX teacher_since ON "teacher" (since, id);
CREATE INDEX teacher_sis_id ON "teacher" (lower(sis_id), id);
CREATE INDEX teacher_family_name ON "teacher" (lower(family_name), id);

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
CREATE INDEX teacher_history_born ON teacher_history (born, id);
CREATE INDEX teacher_history_died ON teacher_history (died, id);

CREATE TABLE "admin" (
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
CREATE INDEX admin_since ON "admin" (since, id);
CREATE INDEX admin_sis_id ON "admin" (lower(sis_id), id);
CREATE INDEX admin_family_name ON "admin" (lower(family_name), id);

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
CREATE INDEX admin_history_born ON admin_history (born, id);
CREATE INDEX admin_history_died ON admin_history (died, id);

CREATE TABLE "contact" (
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
CREATE INDEX contact_since ON "contact" (since, id);
CREATE INDEX contact_sis_id ON "contact" (lower(sis_id), id);
CREATE INDEX contact_family_name ON "contact" (lower(family_name), id);

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
CREATE INDEX contact_history_born ON contact_history (born, id);
CREATE INDEX contact_history_died ON contact_history (died, id);

CREATE TABLE "enrollment" (
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
CREATE INDEX enrollment_since ON "enrollment" (since, id);
CREATE INDEX enrollment_sis_id ON "enrollment" (lower(sis_id), id);
CREATE INDEX enrollment_person ON "enrollment" ("person");
CREATE INDEX enrollment_class ON "enrollment" ("class");

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
CREATE INDEX enrollment_history_born ON enrollment_history (born, id);
CREATE INDEX enrollment_history_died ON enrollment_history (died, id);
