namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key the platform demands before it calls the function. Locally none is asked for.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
