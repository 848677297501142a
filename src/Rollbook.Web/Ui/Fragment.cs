using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Rollbook.Web.Ui;

/// <summary>Draws a component by itself, for an answer that takes its place in a page which is there already. So there is one way to draw it.</summary>
internal static class Fragment
{
    /// <summary>The component's HTML.</summary>
    internal static Task<string> DrawAsync<TComponent>(this HtmlRenderer renderer, params (string Name, object? Value)[] parameters)
        where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(async () =>
            (
                await renderer.RenderComponentAsync<TComponent>(
                    ParameterView.FromDictionary(
                        parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal)
                    )
                )
            ).ToHtmlString()
        );
}
