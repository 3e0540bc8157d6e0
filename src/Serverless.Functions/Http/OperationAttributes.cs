namespace Serverless.Functions.Http;

/// <summary>What a function does, and who may call it (<see cref="AuthorizationMiddleware"/>). openapi.json is generated from this and the
/// other attributes here, which nothing else reads.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string summary, string? description = null) : Attribute
{
    public string Summary => summary;
    public string? Description => description;

    public Access Access { get; init; }
}

/// <summary>What a caller must present.</summary>
internal enum Access
{
    /// <summary>An access token of an active session; below <c>admin/</c>, an administrator's.</summary>
    Session,

    /// <summary>A valid access token. The function checks the session by what it reads anyway.</summary>
    AccessToken,

    /// <summary>A refresh token, in the cookie or in the body. The function checks it.</summary>
    RefreshToken,

    /// <summary>An access token or a refresh token. The function checks it.</summary>
    EitherToken,

    Anyone,
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class AcceptsAttribute(Type body) : Attribute
{
    public Type Body => body;
}

/// <summary>A successful response.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswersAttribute(int status, string description, Type? body = null) : Attribute
{
    public int Status => status;
    public string Description => description;
    public Type? Body => body;
    public Caching Caching { get; init; }

    /// <summary>The name in outline.json of the schema of a body without a wire type.</summary>
    public string? Schema { get; init; }
    public string ContentType { get; init; } = "application/json";
}

/// <summary>Who may store a response.</summary>
internal enum Caching
{
    None,

    /// <summary>Only the polling client, to revalidate it.</summary>
    Poll,

    /// <summary>Any cache, for a limited time.</summary>
    Public,

    /// <summary>Any cache that revalidates it.</summary>
    Page,

    /// <summary>Any cache, forever.</summary>
    PageFile,

    /// <summary>Like <c>PageFile</c>, but the service worker, which keeps its name, is revalidated.</summary>
    PageFileOrWorker,
}

/// <summary>Problems that don't follow from the signature of a function and its other attributes, by their names in
/// <see cref="ProblemCode"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusesAttribute(params string[] codes) : Attribute
{
    public IReadOnlyList<string> Codes => codes;
}

/// <summary>A query parameter, on the function or on the type that reads it.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
internal sealed class QueryAttribute(string name, string description) : Attribute
{
    public string Name => name;
    public string Description => description;
    public Type Type { get; init; } = typeof(string);
    public bool Required { get; init; }
    public string? Pattern { get; init; }
    public long Minimum { get; init; }
    public long Maximum { get; init; } = int.MaxValue;
    public object? Default { get; init; }

    /// <summary>The only allowed value.</summary>
    public string? Value { get; init; }

    /// <summary>A type whose names are the allowed values.</summary>
    public Type? NamesOf { get; init; }
}

/// <summary>The types that read query parameters shared by several functions.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadsAttribute(params Type[] readers) : Attribute
{
    public IReadOnlyList<Type> Readers => readers;
}
