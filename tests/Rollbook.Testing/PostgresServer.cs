using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Rollbook.Testing;

/// <summary>
/// A PostgreSQL server of our own for one test assembly: a fresh cluster in a temporary folder on a free loopback port, without syncing to
/// disk. Start it once with <see cref="SharedAsync"/>; it is killed and its folder removed when the test process ends.
/// </summary>
public sealed class PostgresServer
{
    private const string User = "rollbook";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private static string lastWords = "";

    private readonly string folder;
    private readonly Process process;
    private readonly int port;
    private int databases;

    private PostgresServer(string folder, Process process, int port)
    {
        this.folder = folder;
        this.process = process;
        this.port = port;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    /// <summary>The server of this test process, started when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed or does not start; the message says what to do.</exception>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public Task<string> NewDatabaseAsync() => NewDatabaseAsync("template1");

    /// <summary>Makes a database that holds what another does, which nobody may be connected to, and returns its connection string.</summary>
    public Task<string> CopyDatabaseAsync(string connectionString) => NewDatabaseAsync(NameOf(connectionString));

    /// <summary>Removes a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string connectionString) => ExecuteAsync($"DROP DATABASE {NameOf(connectionString)} WITH (FORCE)");

    private async Task<string> NewDatabaseAsync(string template)
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static async Task<PostgresServer> StartAsync()
    {
        var binaries = PostgresBinaries.Find();
        var temporary = Directory.CreateTempSubdirectory("rollbook-postgres-").FullName;
        try
        {
            var data = Path.Combine(temporary, "data");
            var unprivileged = await UnprivilegedAccount.ForAsync(temporary);
            await unprivileged.RunAsync(
                Path.Combine(binaries, "initdb"),
                "-D",
                data,
                "-U",
                User,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync"
            );
            var freePort = FreePort();
            var postgres = unprivileged.Start(
                Path.Combine(binaries, "postgres"),
                "-D",
                data,
                "-p",
                $"{freePort}",
                "-c",
                "listen_addresses=127.0.0.1",
                "-k",
                temporary,
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "max_connections=300",
                "-c",
                "shared_buffers=256MB",
                "-c",
                "max_wal_size=4GB"
            );
            // What it says must be read, or it would wait for a reader once the pipe is full.
            postgres.ErrorDataReceived += (_, line) => lastWords = line.Data ?? lastWords;
            postgres.BeginErrorReadLine();
            var server = new PostgresServer(temporary, postgres, freePort);
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Database = database,
            IncludeErrorDetail = true,
            MaxPoolSize = 20,
        }.ToString();

    private async Task WaitUntilReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 200 && !process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (NpgsqlException e)
            {
                Stop();
                throw new InvalidOperationException(
                    $"PostgreSQL was started in {folder} but does not answer on port {port}: {e.Message} {lastWords}",
                    e
                );
            }
        }
    }

    private void Stop()
    {
        try
        {
            if (!process.HasExited)
            {
                // SIGQUIT is PostgreSQL's immediate shutdown, in which the server ends its own children; a SIGKILL would leave them.
                using var kill = Process.Start("kill", ["-QUIT", $"{process.Id}"]);
                kill.WaitForExit();
                process.WaitForExit(TimeSpan.FromSeconds(15));
            }

            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Console.Error.WriteLine($"The test server's folder {folder} could not be removed: {e.Message}");
        }
    }
}
