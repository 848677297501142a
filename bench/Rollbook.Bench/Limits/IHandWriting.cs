namespace Rollbook.Bench.Limits;

/// <summary>
/// The limit of writing: the same columns into the same indexed tables, as someone would who knows beforehand what is to be written. Only the calls that
/// return seconds are measured.
/// </summary>
internal interface IHandWriting : IAsyncDisposable
{
    /// <summary>Takes the published roster as what is to be loaded, and makes empty tables for it.</summary>
    Task PrepareLoadAsync();

    /// <summary>Loads it: one transaction, into tables without their indexes, which are then made. Returns seconds.</summary>
    Task<double> LoadAsync();

    /// <summary>Takes what the newest version changed as what is to be changed.</summary>
    Task PrepareChangeAsync();

    /// <summary>
    /// Deletes what went and inserts or updates what came: one transaction. The replaced values, which the roster keeps, are not written. Returns seconds.
    /// </summary>
    Task<double> ChangeAsync();
}
