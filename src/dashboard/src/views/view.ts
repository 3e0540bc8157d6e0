import type { AdminClient } from '../admin-client.ts';
import type { ViewContext } from '../page/section.ts';

/** A view of the dashboard, chosen by the URL's hash. */
export interface View {
  readonly title: string;
  /** @param argument The rest of the hash, behind the view's name and a slash. */
  readonly show: (context: ViewContext, client: AdminClient, argument: string) => readonly Node[];
}
