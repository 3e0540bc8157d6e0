// The environment that people use.
using 'main.bicep'

param environmentName = 'sessions-prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param publicUrl = readEnvironmentVariable('PUBLIC_URL', '')
param allowedOrigins = filter(split(readEnvironmentVariable('ALLOWED_ORIGINS', ''), ','), origin => !empty(origin))
// Tables and keys survive the loss of a zone, and the app waits for Azure to start it in another one. With zoneRedundant = true it
// doesn't, for 16 instances that are always ready: 332 US$ a month instead of 21.
param dataRedundancy = 'Standard_ZRS'
param zoneRedundant = false
param deleteLocks = true
param maximumInstanceCount = 100
param alwaysReadyInstances = 1
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param availabilityTest = true
param logRetentionDays = 90
