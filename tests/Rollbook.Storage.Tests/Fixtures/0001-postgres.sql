-- The first schema with synthetic data, as kept by PostgreSQL (pg_dump --inserts). Never edited.
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA "district_@district";
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE "district_@district".acceptance (
    number bigint NOT NULL,
    run bigint NOT NULL,
    app text NOT NULL,
    derivation text NOT NULL
);
CREATE TABLE "district_@district".admin (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    staff_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    metadata json
);
CREATE TABLE "district_@district".admin_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    staff_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    metadata json
);
CREATE TABLE "district_@district".calendar (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    start_date date,
    end_date date,
    school_year text COLLATE pg_catalog."C",
    parent uuid,
    metadata json
);
CREATE TABLE "district_@district".calendar_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    start_date date,
    end_date date,
    school_year text COLLATE pg_catalog."C",
    parent uuid,
    metadata json
);
CREATE TABLE "district_@district".class (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    class_code text COLLATE pg_catalog."C",
    class_type text COLLATE pg_catalog."C",
    location text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    subjects text[] COLLATE pg_catalog."C",
    subject_codes text[] COLLATE pg_catalog."C",
    periods text[] COLLATE pg_catalog."C",
    course uuid,
    school uuid,
    calendars uuid[],
    metadata json
);
CREATE TABLE "district_@district".class_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    class_code text COLLATE pg_catalog."C",
    class_type text COLLATE pg_catalog."C",
    location text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    subjects text[] COLLATE pg_catalog."C",
    subject_codes text[] COLLATE pg_catalog."C",
    periods text[] COLLATE pg_catalog."C",
    course uuid,
    school uuid,
    calendars uuid[],
    metadata json
);
CREATE TABLE "district_@district".configuration (
    number integer NOT NULL,
    document text NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamp with time zone NOT NULL
);
CREATE TABLE "district_@district".contact (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    identifier text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    students uuid[],
    metadata json
);
CREATE TABLE "district_@district".contact_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    identifier text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    students uuid[],
    metadata json
);
CREATE TABLE "district_@district".counter (
    name text NOT NULL,
    value bigint NOT NULL
);
CREATE TABLE "district_@district".course (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    course_code text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    subjects text[] COLLATE pg_catalog."C",
    subject_codes text[] COLLATE pg_catalog."C",
    school uuid,
    calendar uuid,
    metadata json
);
CREATE TABLE "district_@district".course_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    course_code text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    subjects text[] COLLATE pg_catalog."C",
    subject_codes text[] COLLATE pg_catalog."C",
    school uuid,
    calendar uuid,
    metadata json
);
CREATE TABLE "district_@district".district (
    id text NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL
);
CREATE TABLE "district_@district".enrollment (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    person uuid,
    class uuid,
    school uuid,
    role text COLLATE pg_catalog."C",
    "primary" boolean,
    begin_date date,
    end_date date,
    metadata json
);
CREATE TABLE "district_@district".enrollment_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    person uuid,
    class uuid,
    school uuid,
    role text COLLATE pg_catalog."C",
    "primary" boolean,
    begin_date date,
    end_date date,
    metadata json
);
CREATE TABLE "district_@district".run (
    number bigint NOT NULL,
    app text NOT NULL,
    state text NOT NULL,
    trigger text NOT NULL,
    started_by text NOT NULL,
    configuration_version integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    version integer,
    report text,
    progress text,
    cancel_requested boolean DEFAULT false NOT NULL
);
CREATE TABLE "district_@district".schema_migration (
    number integer NOT NULL,
    applied_at timestamp with time zone NOT NULL
);
CREATE TABLE "district_@district".school (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    identifier text COLLATE pg_catalog."C",
    parent uuid,
    metadata json
);
CREATE TABLE "district_@district".school_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    identifier text COLLATE pg_catalog."C",
    parent uuid,
    metadata json
);
CREATE TABLE "district_@district".secret (
    name text NOT NULL,
    encrypted bytea NOT NULL
);
CREATE TABLE "district_@district".segment (
    number integer NOT NULL,
    app text NOT NULL,
    collection integer NOT NULL,
    run bigint NOT NULL,
    records integer NOT NULL,
    index bytea NOT NULL,
    data bytea NOT NULL
);
ALTER TABLE ONLY "district_@district".segment ALTER COLUMN index SET STORAGE EXTERNAL;
ALTER TABLE ONLY "district_@district".segment ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE "district_@district".student (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    student_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    contacts uuid[],
    birth_date date,
    sex text COLLATE pg_catalog."C",
    american_indian_or_alaska_native boolean,
    asian boolean,
    black_or_african_american boolean,
    native_hawaiian_or_other_pacific_islander boolean,
    white boolean,
    demographic_race_two_or_more_races boolean,
    hispanic_or_latino_ethnicity boolean,
    country_of_birth_code text COLLATE pg_catalog."C",
    state_of_birth_abbreviation text COLLATE pg_catalog."C",
    city_of_birth text COLLATE pg_catalog."C",
    public_school_residence_status text COLLATE pg_catalog."C",
    metadata json
);
CREATE TABLE "district_@district".student_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    student_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    grades text[] COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    contacts uuid[],
    birth_date date,
    sex text COLLATE pg_catalog."C",
    american_indian_or_alaska_native boolean,
    asian boolean,
    black_or_african_american boolean,
    native_hawaiian_or_other_pacific_islander boolean,
    white boolean,
    demographic_race_two_or_more_races boolean,
    hispanic_or_latino_ethnicity boolean,
    country_of_birth_code text COLLATE pg_catalog."C",
    state_of_birth_abbreviation text COLLATE pg_catalog."C",
    city_of_birth text COLLATE pg_catalog."C",
    public_school_residence_status text COLLATE pg_catalog."C",
    metadata json
);
CREATE TABLE "district_@district".teacher (
    id uuid NOT NULL,
    since integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    staff_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    metadata json
);
CREATE TABLE "district_@district".teacher_history (
    id uuid NOT NULL,
    born integer NOT NULL,
    died integer NOT NULL,
    hash bytea NOT NULL,
    sis_id text COLLATE pg_catalog."C",
    sources text[] COLLATE pg_catalog."C",
    staff_number text COLLATE pg_catalog."C",
    state_id text COLLATE pg_catalog."C",
    username text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    given_name text COLLATE pg_catalog."C",
    middle_name text COLLATE pg_catalog."C",
    family_name text COLLATE pg_catalog."C",
    preferred_given_name text COLLATE pg_catalog."C",
    preferred_middle_name text COLLATE pg_catalog."C",
    preferred_family_name text COLLATE pg_catalog."C",
    pronouns text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    sms text COLLATE pg_catalog."C",
    title text COLLATE pg_catalog."C",
    role text COLLATE pg_catalog."C",
    enabled boolean,
    schools uuid[],
    primary_school uuid,
    metadata json
);
CREATE TABLE "district_@district".unresolved (
    app text NOT NULL,
    collection integer NOT NULL,
    "from" uuid NOT NULL,
    target uuid NOT NULL,
    required boolean NOT NULL
);
CREATE TABLE "district_@district".version (
    number integer NOT NULL,
    run bigint NOT NULL,
    app text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    configuration_version integer NOT NULL,
    reason text,
    changes json NOT NULL,
    totals json NOT NULL
);
INSERT INTO "district_@district".acceptance VALUES (1, 1, 'synergy', 'fingerprint 1');
INSERT INTO "district_@district".acceptance VALUES (2, 2, 'synergy', 'fingerprint 2');
INSERT INTO "district_@district".admin_history VALUES ('904dafde-e7dd-817f-bc3a-bdc7b7184c5f', 1, 2, '\x3e41e29b29ade379a0310be144c7ddda', 'u4', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".calendar VALUES ('07ba22f1-79fa-87ac-9ef5-d898a70a6f87', 1, '\x176897a34c482bbb804f6d55b484d96c', 's1', NULL, NULL, NULL, '2026-08-10', NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".class VALUES ('3e6cc267-5826-8f01-a596-46a06e5868f9', 1, '\x9f205e1b5c186fea9f060992ca817b5e', 'k1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0eddc5ee-9b0c-8eba-9e2c-bcbfe39c6794', NULL, '{07ba22f1-79fa-87ac-9ef5-d898a70a6f87}', NULL);
INSERT INTO "district_@district".configuration VALUES (1, '{"id":"first"}', 'ada', '2026-11-24 12:00:00+00');
INSERT INTO "district_@district".contact VALUES ('ddb7bc9a-3773-8ef9-a068-2e8c380723b0', 1, '\xb26fdd7434128c4b0b6c8a45f56a57d0', 'u2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".counter VALUES ('segment', 1);
INSERT INTO "district_@district".counter VALUES ('version', 2);
INSERT INTO "district_@district".counter VALUES ('run', 3);
INSERT INTO "district_@district".course VALUES ('0eddc5ee-9b0c-8eba-9e2c-bcbfe39c6794', 1, '\xd4369b6721f947b11d47e9fff98885f0', 'c1', NULL, NULL, NULL, NULL, NULL, NULL, '67d8dc13-097e-8472-a7ca-3eab29be79a0', NULL, NULL);
INSERT INTO "district_@district".district VALUES ('@district', 'Riverside Unified', 'America/Los_Angeles');
INSERT INTO "district_@district".enrollment VALUES ('f08a00ee-90f3-8286-b33a-ae6438df3131', 1, '\x42f73396a81422b20240c9580467e85c', 'e1', NULL, '7536109a-4274-8203-8194-d1aaa2990076', NULL, NULL, NULL, false, NULL, NULL, NULL);
INSERT INTO "district_@district".run VALUES (1, 'synergy', 'published', 'command', 'ada', 1, '2026-11-24 12:00:00+00', '2026-11-24 12:00:00+00', 1, '{"version":1}', NULL, false);
INSERT INTO "district_@district".run VALUES (2, 'synergy', 'published', 'command', 'ada', 1, '2026-11-24 12:00:00+00', '2026-11-24 12:00:00+00', 2, '{"version":2}', NULL, false);
INSERT INTO "district_@district".run VALUES (3, 'synergy', 'failed', 'command', 'ada', 1, '2026-11-24 12:00:00+00', '2026-11-24 12:00:00+00', NULL, '{"failure":null}', NULL, false);
INSERT INTO "district_@district".schema_migration VALUES (1, '2026-11-24 18:33:52.117688+00');
INSERT INTO "district_@district".school VALUES ('67d8dc13-097e-8472-a7ca-3eab29be79a0', 1, '\x7fa97e0363ca54bed64e4893fc1bd8d2', 'o1', NULL, 'Lincoln High', NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".segment VALUES (1, 'synergy', 5, 1, 1, '\x0102', '\x0300ff');
INSERT INTO "district_@district".student VALUES ('7536109a-4274-8203-8194-d1aaa2990076', 2, '\x808ff30dd05879005020fa0488646a55', 'u1', '{synergy}', NULL, NULL, NULL, NULL, 'Amara', NULL, 'Đỗ, "O''Hara"', NULL, NULL, NULL, NULL, NULL, NULL, '{09,"a,b"}', true, '{67d8dc13-097e-8472-a7ca-3eab29be79a0}', '67d8dc13-097e-8472-a7ca-3eab29be79a0', '{ddb7bc9a-3773-8ef9-a068-2e8c380723b0}', '2012-02-29', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"locker":"12"}');
INSERT INTO "district_@district".student_history VALUES ('7536109a-4274-8203-8194-d1aaa2990076', 1, 2, '\x14db79a6573463b7707cc49d2a5364ce', 'u1', NULL, NULL, NULL, NULL, NULL, 'Amy', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".teacher VALUES ('ce76c35a-c597-876e-bf9a-c60f787fbfda', 1, '\x5df75b3c716761752162d402acaa83ca', 'u3', NULL, NULL, NULL, NULL, 't@riverside.example', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "district_@district".unresolved VALUES ('synergy', 6, '602bcbc7-be6c-8007-a59a-91c2881cf57e', '7536109a-4274-8203-8194-d1aaa2990076', true);
INSERT INTO "district_@district".version VALUES (1, 1, 'synergy', '2026-11-24 12:00:00+00', 'ada', 3, 'because', '{"school":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"calendar":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"course":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"class":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"student":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"teacher":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"admin":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"contact":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"enrollment":{"Create":1,"Update":0,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true}}', '{"school":1,"calendar":1,"course":1,"class":1,"student":1,"teacher":1,"admin":1,"contact":1,"enrollment":1}');
INSERT INTO "district_@district".version VALUES (2, 2, 'synergy', '2026-11-24 12:00:00+00', 'ada', 3, 'because', '{"student":{"Create":0,"Update":1,"Delete":0,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true},"admin":{"Create":0,"Update":0,"Delete":1,"Rekey":0,"Unchanged":0,"Consequences":0,"Any":true}}', '{"school":1,"calendar":1,"course":1,"class":1,"student":1,"teacher":1,"admin":0,"contact":1,"enrollment":1}');
ALTER TABLE ONLY "district_@district".acceptance
    ADD CONSTRAINT acceptance_pkey PRIMARY KEY (number);
ALTER TABLE ONLY "district_@district".acceptance
    ADD CONSTRAINT acceptance_run_key UNIQUE (run);
ALTER TABLE ONLY "district_@district".admin_history
    ADD CONSTRAINT admin_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".admin
    ADD CONSTRAINT admin_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".calendar_history
    ADD CONSTRAINT calendar_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".calendar
    ADD CONSTRAINT calendar_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".class_history
    ADD CONSTRAINT class_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".class
    ADD CONSTRAINT class_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".configuration
    ADD CONSTRAINT configuration_pkey PRIMARY KEY (number);
ALTER TABLE ONLY "district_@district".contact_history
    ADD CONSTRAINT contact_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (name);
ALTER TABLE ONLY "district_@district".course_history
    ADD CONSTRAINT course_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".course
    ADD CONSTRAINT course_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".district
    ADD CONSTRAINT district_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".enrollment_history
    ADD CONSTRAINT enrollment_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".enrollment
    ADD CONSTRAINT enrollment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".run
    ADD CONSTRAINT run_pkey PRIMARY KEY (number);
ALTER TABLE ONLY "district_@district".schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);
ALTER TABLE ONLY "district_@district".school_history
    ADD CONSTRAINT school_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".school
    ADD CONSTRAINT school_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (name);
ALTER TABLE ONLY "district_@district".segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (number);
ALTER TABLE ONLY "district_@district".student_history
    ADD CONSTRAINT student_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".student
    ADD CONSTRAINT student_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".teacher_history
    ADD CONSTRAINT teacher_history_pkey PRIMARY KEY (id, born);
ALTER TABLE ONLY "district_@district".teacher
    ADD CONSTRAINT teacher_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "district_@district".version
    ADD CONSTRAINT version_pkey PRIMARY KEY (number);
CREATE INDEX acceptance_app ON "district_@district".acceptance USING btree (app, number);
CREATE INDEX admin_family_name ON "district_@district".admin USING btree (lower(family_name), id);
CREATE INDEX admin_history_born ON "district_@district".admin_history USING btree (born, id);
CREATE INDEX admin_history_died ON "district_@district".admin_history USING btree (died, id);
CREATE INDEX admin_since ON "district_@district".admin USING btree (since, id);
CREATE INDEX admin_sis_id ON "district_@district".admin USING btree (lower(sis_id), id);
CREATE INDEX calendar_history_born ON "district_@district".calendar_history USING btree (born, id);
CREATE INDEX calendar_history_died ON "district_@district".calendar_history USING btree (died, id);
CREATE INDEX calendar_since ON "district_@district".calendar USING btree (since, id);
CREATE INDEX calendar_sis_id ON "district_@district".calendar USING btree (lower(sis_id), id);
CREATE INDEX calendar_title ON "district_@district".calendar USING btree (lower(title), id);
CREATE INDEX class_course ON "district_@district".class USING btree (course);
CREATE INDEX class_history_born ON "district_@district".class_history USING btree (born, id);
CREATE INDEX class_history_died ON "district_@district".class_history USING btree (died, id);
CREATE INDEX class_since ON "district_@district".class USING btree (since, id);
CREATE INDEX class_sis_id ON "district_@district".class USING btree (lower(sis_id), id);
CREATE INDEX class_title ON "district_@district".class USING btree (lower(title), id);
CREATE INDEX contact_family_name ON "district_@district".contact USING btree (lower(family_name), id);
CREATE INDEX contact_history_born ON "district_@district".contact_history USING btree (born, id);
CREATE INDEX contact_history_died ON "district_@district".contact_history USING btree (died, id);
CREATE INDEX contact_since ON "district_@district".contact USING btree (since, id);
CREATE INDEX contact_sis_id ON "district_@district".contact USING btree (lower(sis_id), id);
CREATE INDEX course_history_born ON "district_@district".course_history USING btree (born, id);
CREATE INDEX course_history_died ON "district_@district".course_history USING btree (died, id);
CREATE INDEX course_since ON "district_@district".course USING btree (since, id);
CREATE INDEX course_sis_id ON "district_@district".course USING btree (lower(sis_id), id);
CREATE INDEX course_title ON "district_@district".course USING btree (lower(title), id);
CREATE INDEX enrollment_class ON "district_@district".enrollment USING btree (class);
CREATE INDEX enrollment_history_born ON "district_@district".enrollment_history USING btree (born, id);
CREATE INDEX enrollment_history_died ON "district_@district".enrollment_history USING btree (died, id);
CREATE INDEX enrollment_person ON "district_@district".enrollment USING btree (person);
CREATE INDEX enrollment_since ON "district_@district".enrollment USING btree (since, id);
CREATE INDEX enrollment_sis_id ON "district_@district".enrollment USING btree (lower(sis_id), id);
CREATE INDEX run_app ON "district_@district".run USING btree (app, number);
CREATE INDEX school_history_born ON "district_@district".school_history USING btree (born, id);
CREATE INDEX school_history_died ON "district_@district".school_history USING btree (died, id);
CREATE INDEX school_name ON "district_@district".school USING btree (lower(name), id);
CREATE INDEX school_since ON "district_@district".school USING btree (since, id);
CREATE INDEX school_sis_id ON "district_@district".school USING btree (lower(sis_id), id);
CREATE INDEX segment_app ON "district_@district".segment USING btree (app, collection, number);
CREATE INDEX segment_run ON "district_@district".segment USING btree (run);
CREATE INDEX student_family_name ON "district_@district".student USING btree (lower(family_name), id);
CREATE INDEX student_history_born ON "district_@district".student_history USING btree (born, id);
CREATE INDEX student_history_died ON "district_@district".student_history USING btree (died, id);
CREATE INDEX student_since ON "district_@district".student USING btree (since, id);
CREATE INDEX student_sis_id ON "district_@district".student USING btree (lower(sis_id), id);
CREATE INDEX teacher_family_name ON "district_@district".teacher USING btree (lower(family_name), id);
CREATE INDEX teacher_history_born ON "district_@district".teacher_history USING btree (born, id);
CREATE INDEX teacher_history_died ON "district_@district".teacher_history USING btree (died, id);
CREATE INDEX teacher_since ON "district_@district".teacher USING btree (since, id);
CREATE INDEX teacher_sis_id ON "district_@district".teacher USING btree (lower(sis_id), id);
CREATE INDEX unresolved_from ON "district_@district".unresolved USING btree (app, collection, "from");
CREATE INDEX unresolved_target ON "district_@district".unresolved USING btree (app, target);
