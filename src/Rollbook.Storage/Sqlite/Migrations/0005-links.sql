-- Which records name a school or calendar in a list: a row a reference, in the order of the kind's lists and in that of the SIS ID.

CREATE TABLE class_calendars (
  target BLOB NOT NULL,
  sort_key TEXT NOT NULL,
  record BLOB NOT NULL,
  sis_key TEXT NOT NULL,
  PRIMARY KEY (target, sort_key, record)
) WITHOUT ROWID;
INSERT INTO class_calendars (target, sort_key, record, sis_key)
SELECT unhex(element.value, '-'), coalesce(lower(k.title), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "class" AS k, json_each(k.calendars) AS element WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX class_calendars_sis_id ON class_calendars (target, sis_key, record);

CREATE TABLE student_schools (
  target BLOB NOT NULL,
  sort_key TEXT NOT NULL,
  record BLOB NOT NULL,
  sis_key TEXT NOT NULL,
  PRIMARY KEY (target, sort_key, record)
) WITHOUT ROWID;
INSERT INTO student_schools (target, sort_key, record, sis_key)
SELECT unhex(element.value, '-'), coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "student" AS k, json_each(k.schools) AS element WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX student_schools_sis_id ON student_schools (target, sis_key, record);

CREATE TABLE teacher_schools (
  target BLOB NOT NULL,
  sort_key TEXT NOT NULL,
  record BLOB NOT NULL,
  sis_key TEXT NOT NULL,
  PRIMARY KEY (target, sort_key, record)
) WITHOUT ROWID;
INSERT INTO teacher_schools (target, sort_key, record, sis_key)
SELECT unhex(element.value, '-'), coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "teacher" AS k, json_each(k.schools) AS element WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX teacher_schools_sis_id ON teacher_schools (target, sis_key, record);

CREATE TABLE admin_schools (
  target BLOB NOT NULL,
  sort_key TEXT NOT NULL,
  record BLOB NOT NULL,
  sis_key TEXT NOT NULL,
  PRIMARY KEY (target, sort_key, record)
) WITHOUT ROWID;
INSERT INTO admin_schools (target, sort_key, record, sis_key)
SELECT unhex(element.value, '-'), coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "admin" AS k, json_each(k.schools) AS element WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX admin_schools_sis_id ON admin_schools (target, sis_key, record);

CREATE TABLE contact_schools (
  target BLOB NOT NULL,
  sort_key TEXT NOT NULL,
  record BLOB NOT NULL,
  sis_key TEXT NOT NULL,
  PRIMARY KEY (target, sort_key, record)
) WITHOUT ROWID;
INSERT INTO contact_schools (target, sort_key, record, sis_key)
SELECT unhex(element.value, '-'), coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "contact" AS k, json_each(k.schools) AS element WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX contact_schools_sis_id ON contact_schools (target, sis_key, record);
