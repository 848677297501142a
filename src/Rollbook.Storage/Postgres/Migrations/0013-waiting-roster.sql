-- The values that runs that wait for a person would bring, in columns as the roster has them, so that the roster can be looked at as it would be: listed, sorted and filtered.
CREATE TABLE school_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
  hash bytea NOT NULL,
  "sis_id" text COLLATE "C",
  "sources" text[] COLLATE "C",
  "name" text COLLATE "C",
  "type" text COLLATE "C",
  "identifier" text COLLATE "C",
  "parent" uuid,
  "metadata" json,
  PRIMARY KEY (run, id)
);
CREATE INDEX school_staged_name ON school_staged (run, lower(name), id);

CREATE TABLE calendar_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX calendar_staged_title ON calendar_staged (run, lower(title), id);

CREATE TABLE course_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX course_staged_title ON course_staged (run, lower(title), id);

CREATE TABLE class_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX class_staged_title ON class_staged (run, lower(title), id);

CREATE TABLE student_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX student_staged_family_name ON student_staged (run, lower(family_name), id);

CREATE TABLE teacher_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX teacher_staged_family_name ON teacher_staged (run, lower(family_name), id);

CREATE TABLE admin_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX admin_staged_family_name ON admin_staged (run, lower(family_name), id);

CREATE TABLE contact_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX contact_staged_family_name ON contact_staged (run, lower(family_name), id);

CREATE TABLE enrollment_staged (
  run integer NOT NULL,
  id uuid NOT NULL,
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
  PRIMARY KEY (run, id)
);
CREATE INDEX enrollment_staged_sis_id ON enrollment_staged (run, lower(sis_id), id);
