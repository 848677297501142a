using System.Reflection;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>Passes calls on, except those that are answered before.</summary>
internal class Through<T> : DispatchProxy
    where T : class
{
    private T inner = null!;
    private Func<MethodInfo, object?[], object?> before = null!;

    internal static T Of(T inner, Func<MethodInfo, object?[], object?> before)
    {
        var made = Create<T, Through<T>>();
        ((Through<T>)(object)made).inner = inner;
        ((Through<T>)(object)made).before = before;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        before(targetMethod!, args ?? []) ?? targetMethod!.Invoke(inner, args);
}
