using Rollbook.Sources;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sharing.Exports;

/// <summary>A package in a file that nobody else finds, and that is gone once it is closed, also when this program is killed.</summary>
internal sealed class PackageFile : IAsyncDisposable
{
    private PackageFile(FileStream content, IReadOnlyDictionary<string, ExportedRows> rows) => (Content, Rows) = (content, rows);

    /// <summary>Its bytes, from the start.</summary>
    public FileStream Content { get; }

    /// <summary>How many rows each of its files has.</summary>
    public IReadOnlyDictionary<string, ExportedRows> Rows { get; }

    /// <summary>What is told of it.</summary>
    public ExportedPackage Told => new(Content.Length, Rows);

    /// <summary>Makes one.</summary>
    /// <exception cref="SourceException">The disk is full, or can't be written.</exception>
    public static async Task<PackageFile> MakeAsync(ExportOptions options, Func<Stream, Task<IReadOnlyDictionary<string, ExportedRows>>> write)
    {
        FileStream? content = null;
        try
        {
            Directory.CreateDirectory(options.WorkFolder);
            var path = Path.Combine(options.WorkFolder, $"export-{Guid.CreateVersion7(options.Time.GetUtcNow()):N}.part");
            content = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 128 << 10, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            var rows = await write(content);
            await content.FlushAsync();
            content.Position = 0;
            return new PackageFile(content, rows);
        }
        catch (Exception exception)
        {
            if (content is not null)
            {
                await content.DisposeAsync();
            }

            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new SourceException(
                    SourceFailure.Transient,
                    CheckPart.Package,
                    "The package could not be made: the disk of the Rollbook server may be full. Tell the operator of Rollbook; it is tried again.",
                    exception
                );
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
