// The environment that people use.
using 'main.bicep'

param environmentName = 'sessions-prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param publicUrl = readEnvironmentVariable('PUBLIC_URL', '')
param allowedOrigins = filter(split(readEnvironmentVariable('ALLOWED_ORIGINS', ''), ','), origin => !empty(origin))
param dataRedundancy = 'Standard_ZRS'
param maximumInstanceCount = 100
param alwaysReadyInstances = 1
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param availabilityTest = true
param logRetentionDays = 90
