using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Web.Features.Setup.Uniting;

/// <summary>The Master Fields of one kind as they are being chosen.</summary>
public sealed class MastersForm
{
    private const string Prefix = "mode.";

    private MastersForm(KindDefinition kind) => Kind = kind;

    /// <summary>The kind.</summary>
    public KindDefinition Kind { get; }

    /// <summary>What is chosen for each attribute, in the kind's order; null for the order of the sources.</summary>
    public List<(Model.Attribute Attribute, MasterMode? Mode)> Rows { get; } = [];

    /// <summary>What <b>Generate</b> gives to the attributes that are marked.</summary>
    public MasterMode? Generated { get; private init; } = MasterMode.Master;

    /// <summary>The attributes that are marked for <b>Generate</b>.</summary>
    public IReadOnlySet<string> Marked { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The field of an attribute.</summary>
    public static string Field(string attribute) => Prefix + attribute;

    /// <summary>The choices with their words.</summary>
    public static IReadOnlyList<(string Value, string Text)> Choices { get; } =
    [("", "In the order of the sources"), .. Enum.GetValues<MasterMode>().Select(mode => (mode.ToString(), Words(mode)))];

    /// <summary>What a mode is called.</summary>
    public static string Words(MasterMode mode) => mode == MasterMode.Master ? "Master" : "Do not override";

    /// <summary>A form for what is saved; everything is marked.</summary>
    public static MastersForm Of(KindDefinition kind, AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(app);
        var saved = app.MasterFields.GetValueOrDefault(kind.Name);
        var form = new MastersForm(kind)
        {
            Marked = MasterFields.AttributesOf(kind.Kind).Select(attribute => attribute.Name).ToHashSet(StringComparer.Ordinal),
        };
        form.Fill(name => saved is not null && saved.TryGetValue(name, out var mode) ? mode : null);
        return form;
    }

    /// <summary>A form as it was posted.</summary>
    public static MastersForm Of(KindDefinition kind, IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(posted);
        var form = new MastersForm(kind)
        {
            Generated = Mode(posted["generated"].ToString()),
            Marked = posted["marked"].Select(name => name ?? "").ToHashSet(StringComparer.Ordinal),
        };
        form.Fill(name => Mode(posted[Field(name)].ToString()));
        return form;
    }

    /// <summary>Gives the marked attributes the mode that was chosen for them.</summary>
    public void Generate()
    {
        for (var i = 0; i < Rows.Count; i++)
        {
            if (Marked.Contains(Rows[i].Attribute.Name))
            {
                Rows[i] = (Rows[i].Attribute, Generated);
            }
        }
    }

    /// <summary>The configuration with what was chosen.</summary>
    public AppConfiguration ApplyTo(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app with
        {
            MasterFields = new Dictionary<string, IReadOnlyDictionary<string, MasterMode>>(app.MasterFields, StringComparer.Ordinal)
            {
                [Kind.Name] = Rows.Where(row => row.Mode is not null)
                    .ToDictionary(row => row.Attribute.Name, row => row.Mode!.Value, StringComparer.Ordinal),
            },
        };
    }

    private static MasterMode? Mode(string word) => Enum.TryParse<MasterMode>(word, out var mode) && Enum.IsDefined(mode) ? mode : null;

    private void Fill(Func<string, MasterMode?> chosen) =>
        Rows.AddRange(MasterFields.AttributesOf(Kind.Kind).Select(attribute => (attribute, chosen(attribute.Name))));
}
