namespace Serverless.Tables.Storage;

/// <summary>A pipeline policy for all storage requests, such as a counter. Register any number as services.</summary>
public sealed record StoragePolicy(HttpPipelinePolicy Policy, HttpPipelinePosition Position);
