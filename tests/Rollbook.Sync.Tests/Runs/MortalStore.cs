using System.Data.Common;
using System.Reflection;
using Rollbook.Storage;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>
/// An installation as a program sees it that vanishes at one of its calls, between two statements: nothing reaches the database any more, so that neither an end nor a return is
/// written. Its locks go once its imports are disposed of, as those of a dead program do.
/// </summary>
internal sealed class MortalStore(IInstallationStore inner, int calls) : IInstallationStore
{
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = calls;

    /// <summary>Ends when it vanishes.</summary>
    internal Task Died => died.Task;

    public Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public async Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken) =>
        await inner.OpenAsync(districtId, cancellationToken) is { } store ? (IDistrictStore)Call.Through(typeof(IDistrictStore), store, this) : null;

    public Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken) =>
        inner.CreateAsync(district, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Live()
    {
        if (Interlocked.Decrement(ref left) < 0)
        {
            died.TrySetResult();
            throw new Vanished();
        }
    }

    private sealed class Vanished() : DbException("The program is gone.");

    /// <summary>Counts each call, and goes along with the stores that a store gives out.</summary>
    private class Call : DispatchProxy
    {
        private object inner = null!;
        private MortalStore owner = null!;

        internal static object Through(Type type, object inner, MortalStore owner)
        {
            var made = Create(type, typeof(Call));
            ((Call)made).inner = inner;
            ((Call)made).owner = owner;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!targetMethod!.IsSpecialName)
            {
                owner.Live();
            }

            var answer = targetMethod.Invoke(inner, BindingFlags.DoNotWrapExceptions, null, args, null);
            return targetMethod.IsSpecialName && targetMethod.ReturnType.IsInterface && answer is not null
                ? Through(targetMethod.ReturnType, answer, owner)
                : answer;
        }
    }
}
