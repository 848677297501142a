using Rollbook.Bench;
using Rollbook.Bench.Limits;
using Rollbook.Bench.Pages;
using Rollbook.Bench.Review;
using Rollbook.Bench.WhatIf;

if (args is ["read", var apiUrl, var tokenUrl])
{
    // The limit of a read, in a process of its own, so that it starts as cold as an import does.
    return await ReadLimit.RunAsync(new Uri(apiUrl), new Uri(tokenUrl), Installation.ClientSecret);
}

if (args is ["pages", var link, var district, var app, var times, .. var school] && school.Length < 2)
{
    return await PageTimes.RunAsync(
        new Uri(link),
        district,
        app,
        int.Parse(times, System.Globalization.CultureInfo.InvariantCulture),
        school.FirstOrDefault()
    );
}

if (args is ["read-csv", var package])
{
    return CsvMeasurement.Read(package);
}

if (args is ["csv", .. var rest])
{
    return await CsvMeasurement.RunAsync(rest is [var number] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
}

if (args is ["rollback", var records, .. var on] && on is ([] or ["sqlite"] or ["postgres"]))
{
    return await RollbackMeasurement.RunAsync(
        int.Parse(records, System.Globalization.CultureInfo.InvariantCulture),
        on is ["postgres"] ? Database.Postgres : Database.Sqlite
    );
}

if (args is ["whatif-asked", var data, var question])
{
    // One what-if, in a process of its own.
    return await AskedWhatIf.RunAsync(data, question);
}

if (args is ["whatif" or "review", .. var ofDistrict])
{
    if (BenchOptions.Parse(ofDistrict, out var wrong) is not { } ofThis)
    {
        await Console.Error.WriteLineAsync(wrong);
        return 2;
    }

    return await (args[0] is "whatif" ? new WhatIfMeasurement(ofThis).RunAsync() : new ReviewMeasurement(ofThis).RunAsync());
}

if (args is ["duplicates", var people])
{
    return SuggestionMeasurement.Run(int.Parse(people, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is ["duplicates", var known, var truth])
{
    return SuggestionMeasurement.Run(known, truth);
}

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.Out.WriteLine(BenchOptions.Help);
    return 0;
}

if (BenchOptions.Parse(args, out var mistake) is not { } options)
{
    await Console.Error.WriteLineAsync(mistake);
    return 2;
}

var rounds = await new Measurement(options).RunAsync();
Console.Out.WriteLine(Report.Of(options, rounds));
return 0;
