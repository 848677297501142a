namespace Rollbook.Simulator.Rest;

/// <summary>Finds the read that a path below the API root asks for. Collection names are matched in any case, ids as they are.</summary>
internal static class Router
{
    private static readonly ILookup<int, Operation> ByLength = Operations.All.ToLookup(operation => operation.Segments.Count);

    public static (Operation Operation, string[] Ids)? Find(string path)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var operation in ByLength[segments.Length])
        {
            var ids = new List<string>(2);
            var fits = true;
            for (var i = 0; i < segments.Length && fits; i++)
            {
                if (operation.Segments[i] is "{id}")
                {
                    ids.Add(segments[i]);
                }
                else
                {
                    fits = operation.Segments[i].Equals(segments[i], StringComparison.OrdinalIgnoreCase);
                }
            }

            if (fits)
            {
                return (operation, [.. ids]);
            }
        }

        return null;
    }
}
