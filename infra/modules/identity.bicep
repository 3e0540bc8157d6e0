// The identity comes before everything that it is let into, so the app never starts without its permissions.

@description('Where the identity lives.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the identity.')
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}
