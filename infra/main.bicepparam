// For azd, which reads this file by itself: every value comes from the azd environment (azd env set NAME VALUE).
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'sessions')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param secondaryLocation = readEnvironmentVariable('SECONDARY_LOCATION', '')
param publicUrl = readEnvironmentVariable('PUBLIC_URL', '')
param allowedOrigins = filter(split(readEnvironmentVariable('ALLOWED_ORIGINS', ''), ','), origin => !empty(origin))
param store = readEnvironmentVariable('STORE', 'storage')
param dataRedundancy = readEnvironmentVariable('DATA_REDUNDANCY', 'Standard_LRS')
param zoneRedundant = bool(readEnvironmentVariable('ZONE_REDUNDANT', 'false'))
param deleteLocks = bool(readEnvironmentVariable('DELETE_LOCKS', 'false'))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCES', '40'))
param alwaysReadyInstances = int(readEnvironmentVariable('ALWAYS_READY_INSTANCES', '0'))
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param availabilityTest = bool(readEnvironmentVariable('AVAILABILITY_TEST', 'false'))
