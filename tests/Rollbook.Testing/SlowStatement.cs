namespace Rollbook.Testing;

/// <summary>SQL that makes the statement which adds a school to a district's tables take minutes, so that a test can stop it in its midst.</summary>
public static class SlowStatement
{
    /// <summary>For SQLite: a count of some ten thousand millions.</summary>
    public const string OnSqlite = """
        CREATE TRIGGER slow AFTER INSERT ON school BEGIN
          SELECT count(*) FROM sqlite_master AS a, sqlite_master AS b, sqlite_master AS c, sqlite_master AS d, sqlite_master AS e;
        END
        """;

    /// <summary>For PostgreSQL: ten minutes of sleep at the end of a COPY.</summary>
    public const string OnPostgres = """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$;
        CREATE TRIGGER slow AFTER INSERT ON school FOR EACH ROW EXECUTE FUNCTION slow()
        """;
}
