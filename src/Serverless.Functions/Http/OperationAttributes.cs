namespace Serverless.Functions.Http;

/// <summary>What a function is for, and who may call it (<see cref="AuthorizationMiddleware"/>). openapi.json is generated from it, and from
/// the other attributes, which nothing else reads.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string summary, string? description = null) : Attribute
{
    public string Summary => summary;
    public string? Description => description;

    public Access Access { get; init; }
}

/// <summary>What a caller shows to be let in.</summary>
internal enum Access
{
    /// <summary>An access token whose session is good; an administrator's below <c>admin/</c>.</summary>
    Session,

    /// <summary>A valid access token. Whether its session is good shows in what the function reads anyway.</summary>
    AccessToken,

    /// <summary>A refresh token, in the cookie or in the body. The function checks it.</summary>
    RefreshToken,

    /// <summary>One or the other. The function checks it.</summary>
    EitherToken,

    Anyone,
}

/// <summary>The body of a request.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class AcceptsAttribute(Type body) : Attribute
{
    public Type Body => body;
}

/// <inheritdoc/>
internal sealed class AcceptsAttribute<T>() : AcceptsAttribute(typeof(T));

/// <summary>An answer to a request that is right.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal abstract class AnswerAttribute(int status, string description, Type? body) : Attribute
{
    public int Status => status;
    public string Description => description;
    public Type? Body => body;
    public Caching Caching { get; init; }

    /// <summary>The schema of a body that is no wire type, by its name in outline.json.</summary>
    public string? Schema { get; init; }
    public string ContentType { get; init; } = "application/json";
}

/// <inheritdoc/>
internal sealed class AnswersAttribute(int status, string description) : AnswerAttribute(status, description, body: null);

/// <inheritdoc/>
internal sealed class AnswersAttribute<T>(int status, string description) : AnswerAttribute(status, description, typeof(T));

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

    /// <summary>Any cache, for good.</summary>
    PageFile,

    /// <summary>As a page file, except for the service worker, which has one name and is revalidated.</summary>
    PageFileOrWorker,
}

/// <summary>Problems that don't follow from the signature of a function and its other attributes, by their names in
/// <see cref="ProblemCode"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusesAttribute(params string[] codes) : Attribute
{
    public IReadOnlyList<string> Codes => codes;
}

/// <summary>A field of the query, on the function or on the type that reads it.</summary>
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

    /// <summary>The only value that it may have.</summary>
    public string? Value { get; init; }

    /// <summary>A type whose names are the values.</summary>
    public Type? NamesOf { get; init; }
}

/// <summary>The types that read fields of the query that several functions have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadsAttribute(params Type[] readers) : Attribute
{
    public IReadOnlyList<Type> Readers => readers;
}
