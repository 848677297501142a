using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Rollbook.Sync.Map.Templates;

/// <summary><c>a contains b</c>, paid for by the length of what is searched.</summary>
internal sealed class BoundedContains(Expression left, Expression right) : BinaryExpression(left, right)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var within = await Left.EvaluateAsync(context);
        var wanted = await Right.EvaluateAsync(context);

        // The slowest search looks at every character of the one for every sixteenth of the other.
        var cost = TemplateLimits.Call + (BoundedContext.Measure(within) * (1L + (BoundedContext.Measure(wanted) / 16)));
        ((BoundedContext)context).Charge(cost);
        return BooleanValue.Create(within.Contains(wanted));
    }
}
