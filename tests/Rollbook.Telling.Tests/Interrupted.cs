using System.Reflection;
using Rollbook.Storage;

namespace Rollbook.Telling.Tests;

/// <summary>A district in whose notifications the noting of what was sent goes wrong as often as a test wants.</summary>
public class Interrupted : DispatchProxy
{
    private object target = null!;
    private Queue<Exception> troubles = null!;

    internal static IDistrictStore Of(IDistrictStore store, params Exception[] troubles) => Wrap(store, new Queue<Exception>(troubles));

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name is nameof(INotificationStore.SentAsync) && troubles.TryDequeue(out var trouble))
        {
            return Task.FromException(trouble);
        }

        var answer = targetMethod.Invoke(target, args);
        return answer is INotificationStore notifications ? Wrap(notifications, troubles) : answer;
    }

    private static T Wrap<T>(T target, Queue<Exception> troubles)
        where T : class
    {
        var proxy = Create<T, Interrupted>();
        (((Interrupted)(object)proxy).target, ((Interrupted)(object)proxy).troubles) = (target, troubles);
        return proxy;
    }
}
