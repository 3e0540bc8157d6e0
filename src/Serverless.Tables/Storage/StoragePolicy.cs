using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Tables.Storage;

/// <summary>Something that sees every request to storage, such as a counter. Register any number as services.</summary>
/// <param name="Policy">What sees the requests.</param>
/// <param name="Position">Whether it sees each call or also each retry of it.</param>
public sealed record StoragePolicy(HttpPipelinePolicy Policy, HttpPipelinePosition Position);
