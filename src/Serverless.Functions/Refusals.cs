namespace Serverless.Functions;

/// <summary>Why the app doesn't start.</summary>
internal static class Refusals
{
    public static string NoKeysOutsideDevelopment(string environment) =>
        $"The environment is {environment} (AZURE_FUNCTIONS_ENVIRONMENT), and signing keys are kept in table storage only in "
        + "Development, since whoever can read the table could sign tokens. Set Keys__VaultUri to the key vault that is to hold them.";
}
