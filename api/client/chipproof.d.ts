// Types of chipproof.js. The shapes of identities, facts and levels are those of
// the agent's OpenAPI document.

export declare const version: string;

export type Field = 'citizen_id' | 'name' | 'birth_date' | 'sex' | 'address' | 'card' | 'photo' | 'laser_code' | 'nhso';

export interface DateOnCard {
  /** As long as precision: '1982-12-31', '1950-04', '1950', or ''. */
  date: string;
  precision: 'day' | 'month' | 'year' | 'none';
  /** The eight bytes of the card, Buddhist era. */
  buddhist: string;
}

export interface NameParts { title: string; first_name: string; middle_name: string; last_name: string }

export interface Identity {
  citizen_id?: string;
  name?: { th: NameParts; en: NameParts };
  birth_date?: DateOnCard;
  sex?: string;
  address?: {
    house_no: string; moo: string; trok: string; soi: string; road: string;
    subdistrict: string; district: string; province: string; text: string;
  };
  card?: {
    version: string; type: string; issuer: string; issuer_code: string;
    issue_date: DateOnCard; expiry_date: DateOnCard & { lifelong: boolean };
    request_number: string; photo_number: string; chip_number: string;
  };
  photo?: { media_type: string; width: number; height: number; data: string };
  laser_code?: string;
  nhso?: Record<string, unknown>;
  /** What looks odd about the data; a remark for a person, not an error. */
  findings?: { field: string; code: string }[];
}

export interface Fact {
  kind: string;
  outcome: 'not_done' | 'passed' | 'failed' | 'indeterminate';
  at?: string; by?: string; how?: string;
  [detail: string]: unknown;
}

export interface Assurance {
  scheme: string; rules_version: string;
  /** Of rules that nobody could check against the standard. */
  candidate_level?: string;
  level?: string;
  unconfirmed: boolean;
  met: string[];
  unmet: { level: string; needs: string[] }[];
  next_step: string[];
}

export interface Result {
  id: string;
  /** Its number in the agent's audit log, as the slip shows it. */
  txn: string;
  purpose: string;
  decision: 'accepted' | 'rejected' | 'inconclusive';
  reasons: string[];
  identity?: Identity;
  facts: Fact[];
  assurance: Assurance[];
  /** For your backend, which alone can check it. */
  proof: string;
  [more: string]: unknown;
}

export interface Progress { step: number; of: number }

/** Where the agent is, and how it is asked. */
export interface Where {
  /** Of an agent that was told to listen elsewhere. Default: 8731. */
  port?: number;
  /** Language of titles and remedies: 'th' or 'en'. Default: the page's own, else 'th'. */
  lang?: string;
  /** Ends it; the promise is rejected with the signal's own reason. */
  signal?: AbortSignal;
}

interface Common extends Where {
  /** Which reader, where there are several. */
  reader?: string;
  onProgress?: (progress: Progress) => void;
  /** What the clerk has to do now, such as 'approval' or 'face_visual'. */
  onWaiting?: (waitingFor: string[]) => void;
}

export interface FillOptions extends Common {
  /** Default: form_fill. */
  purpose?: string;
  fields: Field[];
}

export interface ProveOptions extends Common {
  /** Signed by your backend for this one proofing. */
  request: string;
  /** For the page road, if this page can't reach the agent. */
  pageRequest?: string | ((why: ChipproofError) => string | Promise<string>);
}

export interface CardEvent {
  event: 'reader_added' | 'reader_removed' | 'card_inserted' | 'card_mute' | 'card_removed' | 'service_lost' | 'service_back';
  reader?: string; atr?: string; code?: string;
}

export declare class ChipproofError extends Error {
  private constructor();
  /** Of the agent, or agent_not_running, agent_unreachable, permission_denied, page_insecure, answer_unreadable. */
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
  readonly status: number;
  readonly field: string;
  readonly detail: string;
  /** Seconds; 0 if the agent named none. */
  readonly retryAfter: number;
  /** Where a person can look: a link to it always works. */
  readonly console: string;
}

export declare function fill(options: FillOptions): Promise<Identity>;
export declare function prove(options: ProveOptions): Promise<Result>;
export declare function proveByPage(options: { request: string } & Where): Promise<never>;
export declare function onCard(handler: (event: CardEvent) => void, options?: { onError?: (error: ChipproofError) => void } & Where): () => void;
export declare function permission(): Promise<'granted' | 'denied' | 'prompt' | 'unknown'>;
export declare function diagnose(where?: Where): Promise<'origin_not_approved' | 'agent_not_running' | 'unknown'>;
