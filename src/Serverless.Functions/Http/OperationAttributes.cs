namespace Serverless.Functions.Http;

/// <summary>What a function does, and who may call it (<see cref="AuthorizationMiddleware"/>). openapi.json is generated from this and the
/// other attributes here, which nothing else reads.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string summary, string? description = null) : Attribute
{
    public string Summary => summary;
    public string? Description => description;
    public Access Access { get; init; }
    public Type? Accepts { get; init; }
    public bool BodyIsOptional { get; init; }

    /// <summary>Whether the session's last login or step-up must be fresh. Where that depends on the body, the function decides.</summary>
    public bool NeedsFreshAuthentication { get; init; }

    /// <summary>With <see cref="MediaType.Lines"/>, <see cref="Accepts"/> is each line.</summary>
    public string AcceptsType { get; init; } = MediaType.Json;
}

/// <summary>What a caller must present.</summary>
internal enum Access
{
    Session, // An access token of an active session; below admin/, an administrator's.
    AccessToken, // A valid one. The function checks the session by what it reads anyway.
    RefreshToken, // In the cookie or in the body. The function checks it.
    EitherToken, // The function checks it.
    Anyone,
}

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswersAttribute(int status, string description, Type? body = null) : Attribute
{
    public int Status => status;
    public string Description => description;
    public Type? Body => body;
    public Caching Caching { get; init; }

    /// <summary>The name in outline.json of the schema of a body without a wire type.</summary>
    public string? Schema { get; init; }
    public string ContentType { get; init; } = MediaType.Json;
}

internal static class MediaType
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
}

/// <summary>Who may store a response.</summary>
internal enum Caching
{
    None,
    Poll, // Only the polling client, to revalidate it.
    Public, // Any cache, for a limited time.
    Page, // Any cache that revalidates it.
    PageFile, // Any cache, forever.
    PageFileOrWorker, // Like PageFile, but the service worker, which keeps its name, is revalidated.
}

/// <summary>The fields of <see cref="ProblemCode"/> that don't follow from a function's signature and attributes.</summary>
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
    public string? Value { get; init; }
    public Type? NamesOf { get; init; }
}

/// <summary>The types that read query parameters which several functions share.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadsAttribute(params Type[] readers) : Attribute
{
    public IReadOnlyList<Type> Readers => readers;
}
