namespace Rollbook.Browser.Tests.Site;

public sealed class ChromiumTests
{
    [Fact]
    public void The_one_that_the_environment_names_is_taken() => Chromium.Find(Environment.ProcessPath).ShouldBe(Environment.ProcessPath);

    [Fact]
    public void One_that_is_not_there_is_told_with_the_variable_and_the_path() =>
        Should
            .Throw<FileNotFoundException>(() => Chromium.Find("/nowhere/chromium"))
            .Message.ShouldContain("ROLLBOOK_CHROMIUM names /nowhere/chromium");
}
