-- The values that runs that wait for a person would bring, in columns as the roster has them, so that the roster can be looked at as it would be: listed, sorted and filtered.
CREATE TABLE school_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
  hash BLOB NOT NULL,
  "sis_id" TEXT,
  "sources" TEXT,
  "name" TEXT,
  "type" TEXT,
  "identifier" TEXT,
  "parent" BLOB,
  "metadata" TEXT,
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX school_staged_name ON school_staged (run, lower(name), id);

CREATE TABLE calendar_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX calendar_staged_title ON calendar_staged (run, lower(title), id);

CREATE TABLE course_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX course_staged_title ON course_staged (run, lower(title), id);

CREATE TABLE class_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX class_staged_title ON class_staged (run, lower(title), id);

CREATE TABLE student_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX student_staged_family_name ON student_staged (run, lower(family_name), id);

CREATE TABLE teacher_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX teacher_staged_family_name ON teacher_staged (run, lower(family_name), id);

CREATE TABLE admin_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX admin_staged_family_name ON admin_staged (run, lower(family_name), id);

CREATE TABLE contact_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX contact_staged_family_name ON contact_staged (run, lower(family_name), id);

CREATE TABLE enrollment_staged (
  run INTEGER NOT NULL,
  id BLOB NOT NULL,
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
  PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE INDEX enrollment_staged_sis_id ON enrollment_staged (run, lower(sis_id), id);
