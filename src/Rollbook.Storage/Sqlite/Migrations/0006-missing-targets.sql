-- Records that are not in the roster for want of another, as issues: which one that is, and why it is not there.

ALTER TABLE issue ADD COLUMN target BLOB;
ALTER TABLE issue ADD COLUMN target_family INTEGER;
ALTER TABLE issue ADD COLUMN target_sis_id TEXT;
ALTER TABLE issue ADD COLUMN target_absence INTEGER;
CREATE INDEX issue_target ON issue (app, target, kind) WHERE target IS NOT NULL;

-- Pages go on after an issue by its record, so that no address holds a SIS ID.
DROP INDEX issue_sort;
CREATE INDEX issue_sort ON issue (app, rule, kind, attribute, problem, record);

-- They are counted without a look at any of them.
CREATE INDEX issue_count ON issue (app, rule, kind, attribute, problem, school);
