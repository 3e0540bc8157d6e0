import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Field, messageOf } from './components.tsx';

/** The fields of a form by name, without those left empty. */
export type Values = Readonly<Record<string, string>>;

interface ActionFormProps {
  /** The text of its button. */
  readonly submit: string;
  readonly action: (values: Values, form: HTMLFormElement) => Promise<unknown>;
  readonly children?: ReactNode;
  readonly isDanger?: boolean;
  readonly onCancel?: () => void;
  /** Follows the button. */
  readonly footer?: ReactNode;
}

/** A form for an asynchronous action; ignores submits while it runs, and shows its error. */
export function ActionForm({ submit, action, children, isDanger = false, onCancel, footer }: ActionFormProps): ReactNode {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function run(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy)
      return;
    setBusy(true);
    setError(null);
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = event.currentTarget;
    const values = Object.fromEntries([...new FormData(form, submitter)].filter(([, value]) => value !== '')) as Values;
    await action(values, form).catch((reason: unknown) => setError(messageOf(reason)));
    setBusy(false);
  }
  return <form onSubmit={event => void run(event)}>
    {children}
    <div className="actions">
      {onCancel && <button type="button" onClick={onCancel}>Cancel</button>}
      <button className={isDanger ? 'danger' : 'primary'} aria-disabled={isBusy || undefined}>{submit}</button>
    </div>
    {error !== null && <p role="alert" className="problem">{error}</p>}
    {footer}
  </form>;
}

export function EmailField({ label = 'Email', initial, offersPasskeys = false }: {
  readonly label?: string; readonly initial?: string; readonly offersPasskeys?: boolean;
}): ReactNode {
  return <Field label={label}>
    {id => <input id={id} name="email" type="email" autoComplete={offersPasskeys ? 'username webauthn' : 'username'} required defaultValue={initial} />}
  </Field>;
}

export function PasswordField({ label = 'Password', name = 'password', isNew = false, isOptional = false }: {
  readonly label?: string; readonly name?: string; readonly isNew?: boolean; readonly isOptional?: boolean;
}): ReactNode {
  return <Field label={label}>
    {id => <input id={id} name={name} type="password" autoComplete={isNew ? 'new-password' : 'current-password'} required={!isOptional} />}
  </Field>;
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
}

/** A modal dialog. The browser restores the focus when it is closed. */
export function Dialog({ title, onClose, children }: DialogProps & { readonly children: (close: () => void) => ReactNode }): ReactNode {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dialog.current?.close();
  useEffect(() => dialog.current?.showModal(), []);
  return <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
    <h2 id={id}>{title}</h2>
    {children(close)}
  </dialog>;
}

/** A modal dialog with a form, which closes when its action succeeds. */
export function FormDialog({ title, onClose, action, children, ...form }: Omit<ActionFormProps, 'onCancel'> & DialogProps): ReactNode {
  return <Dialog title={title} onClose={onClose}>
    {close => <ActionForm {...form} action={(...given) => action(...given).then(close)} onCancel={close}>{children}</ActionForm>}
  </Dialog>;
}
