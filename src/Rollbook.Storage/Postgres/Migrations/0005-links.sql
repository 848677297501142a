-- Which records name a school or calendar in a list: a row a reference, in the order of the kind's lists and in that of the SIS ID.

CREATE TABLE class_calendars (
  target uuid NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  record uuid NOT NULL,
  sis_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (target, sort_key, record)
);
INSERT INTO class_calendars (target, sort_key, record, sis_key)
SELECT element.value, coalesce(lower(k.title), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "class" AS k, unnest(k.calendars) AS element(value) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX class_calendars_sis_id ON class_calendars (target, sis_key, record);
ANALYZE class_calendars;

CREATE TABLE student_schools (
  target uuid NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  record uuid NOT NULL,
  sis_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (target, sort_key, record)
);
INSERT INTO student_schools (target, sort_key, record, sis_key)
SELECT element.value, coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "student" AS k, unnest(k.schools) AS element(value) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX student_schools_sis_id ON student_schools (target, sis_key, record);
ANALYZE student_schools;

CREATE TABLE teacher_schools (
  target uuid NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  record uuid NOT NULL,
  sis_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (target, sort_key, record)
);
INSERT INTO teacher_schools (target, sort_key, record, sis_key)
SELECT element.value, coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "teacher" AS k, unnest(k.schools) AS element(value) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX teacher_schools_sis_id ON teacher_schools (target, sis_key, record);
ANALYZE teacher_schools;

CREATE TABLE admin_schools (
  target uuid NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  record uuid NOT NULL,
  sis_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (target, sort_key, record)
);
INSERT INTO admin_schools (target, sort_key, record, sis_key)
SELECT element.value, coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "admin" AS k, unnest(k.schools) AS element(value) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX admin_schools_sis_id ON admin_schools (target, sis_key, record);
ANALYZE admin_schools;

CREATE TABLE contact_schools (
  target uuid NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  record uuid NOT NULL,
  sis_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (target, sort_key, record)
);
INSERT INTO contact_schools (target, sort_key, record, sis_key)
SELECT element.value, coalesce(lower(k.family_name), ''), k.id, coalesce(lower(k.sis_id), '')
FROM "contact" AS k, unnest(k.schools) AS element(value) ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
CREATE INDEX contact_schools_sis_id ON contact_schools (target, sis_key, record);
ANALYZE contact_schools;
