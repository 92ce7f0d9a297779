import type { Served } from '../served.ts';
import type { Api } from './api.ts';

export function objectRoutes(_api: Api, _served: Served): void {}
