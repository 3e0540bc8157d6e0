import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// One origin for the page, the sessions and the API: no CORS, and a cookie keeps the user logged in.
const { SESSIONS = 'http://localhost:7071', API = 'http://localhost:3001' } = process.env;

export default defineConfig({ plugins: [react()], server: { proxy: { '/api': SESSIONS, '/orders': API } } });
