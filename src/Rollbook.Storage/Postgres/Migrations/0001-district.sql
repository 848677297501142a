-- The tables of one district. Text is ordered by its bytes (collation "C"), as on SQLite.
-- A released script is never edited: what changes later is a script of its own.

CREATE TABLE district (
  id text PRIMARY KEY,
  name text NOT NULL,
  time_zone text NOT NULL
);

-- The last number taken of each kind of number. The row "version" is what publishers queue for.
CREATE TABLE counter (
  name text PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO counter (name, value) VALUES ('version', 0), ('run', 0), ('segment', 0);

CREATE TABLE configuration (
  number integer PRIMARY KEY,
  document text NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL
);

CREATE TABLE secret (
  name text PRIMARY KEY,
  encrypted bytea NOT NULL
);

CREATE TABLE run (
  number bigint PRIMARY KEY,
  app text NOT NULL,
  state text NOT NULL,
  "trigger" text NOT NULL,
  started_by text NOT NULL,
  configuration_version integer NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  version integer,
  report text,
  progress text,
  cancel_requested boolean NOT NULL DEFAULT false
);
CREATE INDEX run_app ON run (app, number);

CREATE TABLE version (
  number integer PRIMARY KEY,
  run bigint NOT NULL,
  app text NOT NULL,
  published_at timestamptz NOT NULL,
  published_by text NOT NULL,
  configuration_version integer NOT NULL,
  reason text,
  changes json NOT NULL,
  totals json NOT NULL
);

-- "index" stands before "data" so that reading it does not walk over the data.
CREATE TABLE segment (
  number integer PRIMARY KEY,
  app text NOT NULL,
  collection integer NOT NULL,
  run bigint NOT NULL,
  records integer NOT NULL,
  "index" bytea NOT NULL,
  data bytea NOT NULL
);
ALTER TABLE segment ALTER COLUMN "index" SET STORAGE EXTERNAL;
ALTER TABLE segment ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE INDEX segment_app ON segment (app, collection, number);
CREATE INDEX segment_run ON segment (run);

-- The runs whose segments count. Apart from "segment", because marking there would write all the data a second time.
CREATE TABLE acceptance (
  number bigint PRIMARY KEY,
  run bigint NOT NULL UNIQUE,
  app text NOT NULL,
  derivation text NOT NULL
);
CREATE INDEX acceptance_app ON acceptance (app, number);

CREATE TABLE unresolved (
  app text NOT NULL,
  collection integer NOT NULL,
  "from" uuid NOT NULL,
  target uuid NOT NULL,
  required boolean NOT NULL
);
CREATE INDEX unresolved_from ON unresolved (app, collection, "from");
CREATE INDEX unresolved_target ON unresolved (app, target);

-- The roster: per kind the newest version, where "since" is the version that brought the values,
-- and the replaced values, which were valid for the versions born <= v < died.

CREATE TABLE "school" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "name" text COLLATE "C",
  "type" text COLLATE "C",
  "identifier" text COLLATE "C",
  "parent" uuid,
  "metadata" json
);
CREATE INDEX school_since ON "school" (since, id);
CREATE INDEX school_sis_id ON "school" (lower(sis_id), id);
CREATE INDEX school_name ON "school" (lower(name), id);

CREATE TABLE school_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "name" text COLLATE "C",
  "type" text COLLATE "C",
  "identifier" text COLLATE "C",
  "parent" uuid,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX school_history_born ON school_history (born, id);
CREATE INDEX school_history_died ON school_history (died, id);

CREATE TABLE "calendar" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "type" text COLLATE "C",
  "start_date" date,
  "end_date" date,
  "school_year" text COLLATE "C",
  "parent" uuid,
  "metadata" json
);
CREATE INDEX calendar_since ON "calendar" (since, id);
CREATE INDEX calendar_sis_id ON "calendar" (lower(sis_id), id);
CREATE INDEX calendar_title ON "calendar" (lower(title), id);

CREATE TABLE calendar_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "type" text COLLATE "C",
  "start_date" date,
  "end_date" date,
  "school_year" text COLLATE "C",
  "parent" uuid,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX calendar_history_born ON calendar_history (born, id);
CREATE INDEX calendar_history_died ON calendar_history (died, id);

CREATE TABLE "course" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "course_code" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "subjects" text[] COLLATE "C",
  "subject_codes" text[] COLLATE "C",
  "school" uuid,
  "calendar" uuid,
  "metadata" json
);
CREATE INDEX course_since ON "course" (since, id);
CREATE INDEX course_sis_id ON "course" (lower(sis_id), id);
CREATE INDEX course_title ON "course" (lower(title), id);

CREATE TABLE course_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "course_code" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "subjects" text[] COLLATE "C",
  "subject_codes" text[] COLLATE "C",
  "school" uuid,
  "calendar" uuid,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX course_history_born ON course_history (born, id);
CREATE INDEX course_history_died ON course_history (died, id);

CREATE TABLE "class" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "class_code" text COLLATE "C",
  "class_type" text COLLATE "C",
  "location" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "subjects" text[] COLLATE "C",
  "subject_codes" text[] COLLATE "C",
  "periods" text[] COLLATE "C",
  "course" uuid,
  "school" uuid,
  "calendars" uuid[],
  "metadata" json
);
CREATE INDEX class_since ON "class" (since, id);
CREATE INDEX class_sis_id ON "class" (lower(sis_id), id);
CREATE INDEX class_title ON "class" (lower(title), id);
CREATE INDEX class_course ON "class" ("course");

CREATE TABLE class_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "title" text COLLATE "C",
  "class_code" text COLLATE "C",
  "class_type" text COLLATE "C",
  "location" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "subjects" text[] COLLATE "C",
  "subject_codes" text[] COLLATE "C",
  "periods" text[] COLLATE "C",
  "course" uuid,
  "school" uuid,
  "calendars" uuid[],
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX class_history_born ON class_history (born, id);
CREATE INDEX class_history_died ON class_history (died, id);

CREATE TABLE "student" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "student_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "contacts" uuid[],
  "birth_date" date,
  "sex" text COLLATE "C",
  "american_indian_or_alaska_native" boolean,
  "asian" boolean,
  "black_or_african_american" boolean,
  "native_hawaiian_or_other_pacific_islander" boolean,
  "white" boolean,
  "demographic_race_two_or_more_races" boolean,
  "hispanic_or_latino_ethnicity" boolean,
  "country_of_birth_code" text COLLATE "C",
  "state_of_birth_abbreviation" text COLLATE "C",
  "city_of_birth" text COLLATE "C",
  "public_school_residence_status" text COLLATE "C",
  "metadata" json
);
CREATE INDEX student_since ON "student" (since, id);
CREATE INDEX student_sis_id ON "student" (lower(sis_id), id);
CREATE INDEX student_family_name ON "student" (lower(family_name), id);

CREATE TABLE student_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "student_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "grades" text[] COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "contacts" uuid[],
  "birth_date" date,
  "sex" text COLLATE "C",
  "american_indian_or_alaska_native" boolean,
  "asian" boolean,
  "black_or_african_american" boolean,
  "native_hawaiian_or_other_pacific_islander" boolean,
  "white" boolean,
  "demographic_race_two_or_more_races" boolean,
  "hispanic_or_latino_ethnicity" boolean,
  "country_of_birth_code" text COLLATE "C",
  "state_of_birth_abbreviation" text COLLATE "C",
  "city_of_birth" text COLLATE "C",
  "public_school_residence_status" text COLLATE "C",
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX student_history_born ON student_history (born, id);
CREATE INDEX student_history_died ON student_history (died, id);

CREATE TABLE "teacher" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "staff_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "title" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "metadata" json
);
CREATE INDEX teacher_since ON "teacher" (since, id);
CREATE INDEX teacher_sis_id ON "teacher" (lower(sis_id), id);
CREATE INDEX teacher_family_name ON "teacher" (lower(family_name), id);

CREATE TABLE teacher_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "staff_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "title" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX teacher_history_born ON teacher_history (born, id);
CREATE INDEX teacher_history_died ON teacher_history (died, id);

CREATE TABLE "admin" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "staff_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "title" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "metadata" json
);
CREATE INDEX admin_since ON "admin" (since, id);
CREATE INDEX admin_sis_id ON "admin" (lower(sis_id), id);
CREATE INDEX admin_family_name ON "admin" (lower(family_name), id);

CREATE TABLE admin_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "staff_number" text COLLATE "C",
  "state_id" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "title" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "primary_school" uuid,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX admin_history_born ON admin_history (born, id);
CREATE INDEX admin_history_died ON admin_history (died, id);

CREATE TABLE "contact" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "identifier" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "students" uuid[],
  "metadata" json
);
CREATE INDEX contact_since ON "contact" (since, id);
CREATE INDEX contact_sis_id ON "contact" (lower(sis_id), id);
CREATE INDEX contact_family_name ON "contact" (lower(family_name), id);

CREATE TABLE contact_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "identifier" text COLLATE "C",
  "username" text COLLATE "C",
  "email" text COLLATE "C",
  "given_name" text COLLATE "C",
  "middle_name" text COLLATE "C",
  "family_name" text COLLATE "C",
  "preferred_given_name" text COLLATE "C",
  "preferred_middle_name" text COLLATE "C",
  "preferred_family_name" text COLLATE "C",
  "pronouns" text COLLATE "C",
  "phone" text COLLATE "C",
  "sms" text COLLATE "C",
  "role" text COLLATE "C",
  "enabled" boolean,
  "schools" uuid[],
  "students" uuid[],
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX contact_history_born ON contact_history (born, id);
CREATE INDEX contact_history_died ON contact_history (died, id);

CREATE TABLE "enrollment" (
  id uuid NOT NULL PRIMARY KEY,
  since integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "person" uuid,
  "class" uuid,
  "school" uuid,
  "role" text COLLATE "C",
  "primary" boolean,
  "begin_date" date,
  "end_date" date,
  "metadata" json
);
CREATE INDEX enrollment_since ON "enrollment" (since, id);
CREATE INDEX enrollment_sis_id ON "enrollment" (lower(sis_id), id);
CREATE INDEX enrollment_person ON "enrollment" ("person");
CREATE INDEX enrollment_class ON "enrollment" ("class");

CREATE TABLE enrollment_history (
  id uuid NOT NULL,
  born integer NOT NULL,
  died integer NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "person" uuid,
  "class" uuid,
  "school" uuid,
  "role" text COLLATE "C",
  "primary" boolean,
  "begin_date" date,
  "end_date" date,
  "metadata" json,
  PRIMARY KEY (id, born)
);
CREATE INDEX enrollment_history_born ON enrollment_history (born, id);
CREATE INDEX enrollment_history_died ON enrollment_history (died, id);
