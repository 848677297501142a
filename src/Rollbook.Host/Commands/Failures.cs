using Rollbook.Storage;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>Turns whatever ends a command into a message on standard error and an exit status.</summary>
internal static class Failures
{
    internal static int Report(Exception exception)
    {
        switch (exception)
        {
            case CommandFailure failure:
                Console.Error.WriteLine(failure.Message);
                return failure.Status;
            case CommandAppException usage:
                Console.Error.WriteLine($"{usage.Message} See: rollbook --help");
                return ExitStatus.Usage;
            case NewerSchemaException newer:
                Console.Error.WriteLine(newer.Message);
                return ExitStatus.Failed;
            case OperationCanceledException:
                Console.Error.WriteLine("Cancelled.");
                return ExitStatus.Failed;
            default:
                Console.Error.WriteLine($"Rollbook could not go on: {exception.Message}");
                Console.Error.WriteLine(exception.StackTrace);
                return ExitStatus.Failed;
        }
    }
}
