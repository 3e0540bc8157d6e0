import type { Connection } from '../api/connection.ts';
import type { Place } from '../page/loaded.ts';

/** A page of the dashboard: the address behind the `#` chooses one. */
export interface View {
  readonly title: string;
  /** @param argument What the address has behind the name of the view and a slash. */
  readonly show: (place: Place, connection: Connection, argument: string) => readonly Node[];
}
