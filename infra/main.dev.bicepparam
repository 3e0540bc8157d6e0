// An environment to try things in: the smallest and cheapest that there is.
using 'main.bicep'

param environmentName = 'sessions-dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param allowedOrigins = [
  'http://localhost:3000'
  'http://localhost:5173'
]
param instanceMemoryMB = 512
param logDailyQuotaGb = 1
param vaultSoftDeleteDays = 7
param settings = {
  Cookies__SameSite: 'None'
}
