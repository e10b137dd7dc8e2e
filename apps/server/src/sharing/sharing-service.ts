/**
 * Links to terminals: makes, changes and ends them, lets people in by their secret, and remembers who came. Answers what the
 * server's one authorisation asks about viewers. Never sees terminal bytes or keys.
 * Above 300 lines: every way in and every way out of a link stands here, so that they can be compared.
 */
import type {
  ChangeShareRequest,
  CreateShareRequest,
  JoinShareRequest,
  SessionShares,
  Share,
  ShareCreated,
  SharedSession,
  ShareEndReason,
  ShareLists,
  SharePolicy,
} from "@causeway/wire-contract/sharing";
import { SHARES_PER_SESSION_MAX } from "@causeway/wire-contract/sharing";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { AwsIdentity } from "../identity/index.ts";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { RequestOrigin, Seat, SessionFacts, ShareableSession, SharedTerminals } from "../sessions/index.ts";
import type { KeyboardSnapshot } from "./keyboard.ts";
import { ENDED_SHARES_KEPT_MS, ShareBook, viewerAmong } from "./share-book.ts";
import {
  isOver,
  personView,
  type ShareRecord,
  sharedSessionView,
  shareView,
  type ViewerRecord,
} from "./share-record.ts";
import { checkAllowed, expiryOf, isAdmitted, isAllowed } from "./share-rules.ts";
import { fitsSecret, makeSecret, SECRET_BYTES, type SecretGuess, type ShareClass, secretHash } from "./share-secret.ts";
import type { ShareStore } from "./share-store.ts";
import { SharedTerminal } from "./shared-terminal.ts";
import { type AuditSink, actorOf, choicesOf, SharingAudit } from "./sharing-audit.ts";

/** People who ever came by one link; at the bound nobody new is let in. */
export const VIEWERS_PER_SHARE_MAX = 200;
const ID_BYTES = 16;
const MINUTE = { windowMs: 60_000, addressesMax: 10_000 };
/** Links that did not open, per person and per address: a secret has 256 bits, but nobody needs the tries. */
export const WRONG_LINKS_MAX = 10;
/** All tries to come in, per person. */
const JOIN_LIMITS = { ...MINUTE, attemptsMax: 60 };

export interface SharingDeps {
  store: ShareStore;
  sessions: { shareable(sessionId: string): ShareableSession | undefined };
  audit: AuditSink;
  clock: Clock;
  log: Log;
  randomBytes(size: number): Uint8Array;
  /** What the settings leave, for an account. */
  policyOf(account: string): SharePolicy;
  /** IAM's word on whether a viewer could start a session there herself; false also when it cannot be had. */
  mayStartSession(identity: AwsIdentity, session: Readonly<SessionFacts>): Promise<boolean>;
  /** Whether this owner is signed in elsewhere than in that login. */
  hasOtherLogin(loginId: string, ownerKey: string): Promise<boolean>;
}

export class SharingService implements SharedTerminals {
  readonly #deps: SharingDeps;
  readonly #audit: SharingAudit;
  readonly #book = new ShareBook();
  /** By session: one for each that somebody looked at and that has not ended. */
  readonly #terminals = new Map<string, SharedTerminal>();
  readonly #keyboards = new Map<string, KeyboardSnapshot>();
  readonly #joins: AttemptLimiter;
  readonly #wrong: AttemptLimiter;
  #cancelExpiry = () => {};
  #isClosed = false;
  /** Writes of keyboards, one after the other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: SharingDeps) {
    this.#deps = deps;
    this.#audit = new SharingAudit(deps.audit);
    this.#joins = new AttemptLimiter(JOIN_LIMITS, deps.clock);
    this.#wrong = new AttemptLimiter({ ...MINUTE, attemptsMax: WRONG_LINKS_MAX }, deps.clock);
  }

  /** Goes on with the links that an earlier process left. Call it once, when the sessions are there and nobody is let in yet. */
  async open(): Promise<void> {
    const { shares, keyboards } = await this.#deps.store.load(this.#nowMs - ENDED_SHARES_KEPT_MS);
    for (const share of shares) {
      this.#book.add(share);
      if (share.ended !== undefined) continue;
      const keyboard = keyboards.get(share.sessionId);
      if (keyboard !== undefined) this.#keyboards.set(share.sessionId, keyboard);
      if (this.#deps.sessions.shareable(share.sessionId) === undefined) await this.#end(share, "session-ended");
      else if (!isAllowed(share, this.#deps.policyOf(share.account))) await this.#end(share, "not-allowed");
      else this.terminalOf(share.sessionId);
    }
    this.#armExpiry();
  }

  /** What is stored stays; nothing is timed any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelExpiry();
    for (const terminal of this.#terminals.values()) terminal.close();
    await this.#writing;
  }

  // --- the owner's

  list(sessionId: string): SessionShares {
    const living = this.#book.livingOf(sessionId, this.#nowMs).reverse();
    return { shares: living.map((share) => this.#view(share)), policy: this.#policyOfSession(sessionId) };
  }

  /** @throws CatalogError SESSION_NOT_FOUND, SHARE_NOT_ALLOWED, SHARES_LIMIT_REACHED, REQUEST_INVALID */
  async create(
    identity: AwsIdentity,
    sessionId: string,
    request: CreateShareRequest,
    origin: RequestOrigin,
  ): Promise<ShareCreated> {
    const session = this.#sessionOf(sessionId);
    const policy = this.#deps.policyOf(session.facts.account);
    checkAllowed(request, policy);
    if (this.#book.livingOf(sessionId, this.#nowMs).length >= SHARES_PER_SESSION_MAX)
      throw new CatalogError("SHARES_LIMIT_REACHED");
    const { share, secret } = this.#make(identity, session.facts, request, policy);
    this.#book.forgetOld(this.#nowMs);
    this.#book.add(share); // before the store is waited for, so that it counts
    try {
      await this.#deps.store.add(share);
    } catch (error) {
      share.ended = { atMs: this.#nowMs, why: "revoked" };
      throw error;
    }
    this.#armExpiry();
    this.#audit.share("share.created", share, actorOf(identity, origin), choicesOf(share));
    return { share: this.#view(share), secret };
  }

  /** @throws CatalogError SHARE_NOT_FOUND, SHARE_MODE_FIXED, SHARE_NOT_ALLOWED, REQUEST_INVALID */
  async change(
    identity: AwsIdentity,
    sessionId: string,
    shareId: string,
    request: ChangeShareRequest,
    origin: RequestOrigin,
  ): Promise<Share> {
    const share = this.#livingOf(sessionId, shareId);
    const mode = request.mode ?? share.mode;
    const audience = request.audience ?? share.audience;
    const people = request.people ?? (audience === "named" ? share.people : []);
    if (classOf(mode) !== share.shareClass) throw new CatalogError("SHARE_MODE_FIXED");
    const policy = this.#deps.policyOf(share.account);
    checkAllowed({ mode, audience, people }, policy);
    const changed = {
      mode,
      audience,
      people,
      expiresAtMs: request.expires === undefined ? share.expiresAtMs : expiryOf(request.expires, this.#nowMs),
      earlierOutput: request.earlierOutput ?? share.earlierOutput,
      fitSmallest: request.fitSmallest ?? share.fitSmallest,
      viewersMax: Math.min(request.viewersMax ?? share.viewersMax, policy.viewersMax),
    };
    await this.#deps.store.change({ ...share, ...changed });
    const hidesEarlier = share.earlierOutput && !changed.earlierOutput;
    Object.assign(share, changed);
    this.terminalOf(share.sessionId).handleShareChanged(share);
    if (audience !== "anyone") await this.#putOutUnadmitted(share);
    if (hidesEarlier) this.terminalOf(share.sessionId).reconnect(share);
    this.#armExpiry();
    this.#audit.share("share.changed", share, actorOf(identity, origin), choicesOf(share));
    return this.#view(share);
  }

  /** @throws CatalogError SHARE_NOT_FOUND */
  async revoke(identity: AwsIdentity, sessionId: string, shareId: string, origin: RequestOrigin): Promise<void> {
    await this.#end(this.#livingOf(sessionId, shareId), "revoked", actorOf(identity, origin));
  }

  /** @returns how many */
  async revokeAll(identity: AwsIdentity, sessionId: string, origin: RequestOrigin): Promise<number> {
    const living = this.#book.livingOf(sessionId, this.#nowMs);
    await Promise.all(living.map((share) => this.#end(share, "revoked", actorOf(identity, origin))));
    return living.length;
  }

  // --- a viewer's

  /**
   * Redeems a link. A wrong secret, a wrong id and one that was forgotten are one answer, in the same time.
   * @throws CatalogError SHARE_NOT_FOUND, SHARE_ENDED, SHARE_NOT_FOR_YOU, SHARE_NOT_ALLOWED, SHARE_NEEDS_START_SESSION, SHARE_FULL,
   *   RATE_LIMITED
   */
  async join(
    identities: readonly AwsIdentity[],
    shareId: string,
    { guess, identityId }: Pick<JoinShareRequest, "identityId"> & { guess: SecretGuess },
    origin: RequestOrigin,
  ): Promise<SharedSession> {
    const candidates = identities.filter((identity) => identityId === undefined || identity.identityId === identityId);
    const [first] = candidates;
    if (first === undefined) throw new CatalogError("IDENTITY_NOT_FOUND");
    const keys = [origin.ip, first.ownerKey];
    this.#joins.admit(first.ownerKey);
    for (const key of keys) this.#wrong.admit(key);
    const share = this.#book.get(shareId);
    if (!fitsSecret(guess, share) || share === undefined) {
      this.#audit.joinRefused(actorOf(first, origin));
      throw new CatalogError("SHARE_NOT_FOUND");
    }
    for (const key of keys) this.#wrong.forgive(key);
    if (isOver(share, this.#nowMs)) throw new CatalogError("SHARE_ENDED");
    if (identities.some(({ ownerKey }) => ownerKey === share.ownerKey))
      return { ...sharedSessionView(share, share.createdAtMs), ownSessionId: share.sessionId };
    const identity = candidates.find((each) => isAdmitted(share, each));
    if (identity === undefined) throw new CatalogError("SHARE_NOT_FOR_YOU");
    await this.checkMayWatch(share, identity);
    const viewer = viewerAmong(share, [identity]) ?? (await this.#addViewer(share, identity));
    return sharedSessionView(share, viewer.joinedAtMs);
  }

  /** @throws CatalogError SHARE_NOT_FOUND, SHARE_ENDED */
  viewOf(identity: AwsIdentity, shareId: string): SharedSession {
    const { share, viewer } = this.membership(identity, shareId);
    return sharedSessionView(share, viewer.joinedAtMs);
  }

  lists(identities: readonly AwsIdentity[]): ShareLists {
    const living = this.#book.living(this.#nowMs).reverse();
    const mine = living.filter((share) => identities.some(({ ownerKey }) => ownerKey === share.ownerKey));
    return {
      mine: mine.map((share) => {
        const { instanceId, instanceName } = share;
        return { ...this.#view(share), instanceId, instanceName };
      }),
      withMe: living.flatMap((share) => {
        const viewer = viewerAmong(share, identities);
        return viewer === undefined ? [] : [sharedSessionView(share, viewer.joinedAtMs)];
      }),
    };
  }

  /** Owner keys of who came by the link, for the server's authorisation; ended ones included, so that they can be told. */
  isViewer(shareId: string, ownerKey: string): boolean {
    const share = this.#book.get(shareId);
    return share !== undefined && viewerAmong(share, [{ ownerKey }]) !== undefined;
  }

  /** Of a link that nobody knows: the one that can do least. */
  classOf(shareId: string): ShareClass {
    return this.#book.get(shareId)?.shareClass ?? "view";
  }

  /** @throws CatalogError SHARE_NOT_FOUND, SHARE_ENDED */
  membership(identity: AwsIdentity, shareId: string): { share: ShareRecord; viewer: ViewerRecord } {
    const share = this.#book.get(shareId);
    const viewer = share && viewerAmong(share, [identity]);
    if (share === undefined || viewer === undefined) throw new CatalogError("SHARE_NOT_FOUND");
    if (isOver(share, this.#nowMs)) throw new CatalogError("SHARE_ENDED");
    return { share, viewer };
  }

  /** Asked when somebody joins and whenever she attaches. @throws CatalogError */
  async checkMayWatch(share: ShareRecord, identity: AwsIdentity): Promise<ShareableSession> {
    const session = this.#deps.sessions.shareable(share.sessionId);
    if (session === undefined) throw new CatalogError("SHARE_ENDED");
    const policy = this.#deps.policyOf(share.account);
    if (!isAllowed(share, policy)) throw new CatalogError("SHARE_NOT_ALLOWED");
    if (!isAdmitted(share, identity)) throw new CatalogError("SHARE_NOT_FOR_YOU");
    if (policy.needsStartSession && !(await this.#deps.mayStartSession(identity, session.facts)))
      throw new CatalogError("SHARE_NEEDS_START_SESSION");
    return session;
  }

  /** @throws CatalogError SHARE_FULL */
  checkRoom(share: ShareRecord, viewer: ViewerRecord): void {
    const terminal = this.terminalOf(share.sessionId);
    if (terminal.pagesOf(viewer.id) > 0) return;
    const { viewersMax } = this.#deps.policyOf(share.account);
    if (terminal.watching() >= viewersMax || terminal.watching(share.id) >= share.viewersMax)
      throw new CatalogError("SHARE_FULL");
  }

  /** Where her part of the output begins is stored before the first byte of it is sent, and never moves. */
  async setJoinOffset(viewer: ViewerRecord, offset: number): Promise<number> {
    viewer.joinOffset ??= offset;
    await this.#deps.store.setJoinOffset(viewer.id, viewer.joinOffset);
    return viewer.joinOffset;
  }

  // --- what the sessions ask and tell

  ownerSeat(sessionId: string, owner: AwsIdentity, from: RequestOrigin, send: (message: ServerMessage) => void): Seat {
    return this.terminalOf(sessionId).ownerSeat(actorOf(owner, from), personView(owner), send);
  }

  handleSessionEnded(sessionId: string): void {
    for (const share of this.#book.livingOf(sessionId, this.#nowMs)) void this.#end(share, "session-ended");
    this.#terminals.get(sessionId)?.close();
    this.#terminals.delete(sessionId);
    this.#keyboards.delete(sessionId);
  }

  /** Identities of a login are no more: links of an owner who is signed in nowhere else end. */
  async handleLoginEnded(loginId: string, ownerKeys: ReadonlySet<string>): Promise<void> {
    for (const share of this.#book.living(this.#nowMs)) {
      if (!ownerKeys.has(share.ownerKey) || (await this.#deps.hasOtherLogin(loginId, share.ownerKey))) continue;
      if (share.ended === undefined) await this.#end(share, "owner-signed-out");
    }
  }

  terminalOf(sessionId: string): SharedTerminal {
    const existing = this.#terminals.get(sessionId);
    if (existing !== undefined) return existing;
    const terminal = new SharedTerminal({
      clock: this.#deps.clock,
      keyboard: this.#keyboards.get(sessionId),
      onAct: (act, by) => {
        const share = this.#book.get(act.viewer.shareId);
        if (share !== undefined) this.#audit.act(act, share, by);
      },
      onKeyboard: (snapshot) => this.#saveKeyboard(sessionId, snapshot),
      mayType: (share) => !isOver(share, this.#nowMs) && isAllowed(share, this.#deps.policyOf(share.account)),
    });
    this.#terminals.set(sessionId, terminal);
    return terminal;
  }

  // --- inside

  #make(
    identity: AwsIdentity,
    facts: Readonly<SessionFacts>,
    request: CreateShareRequest,
    policy: SharePolicy,
  ): { share: ShareRecord; secret: string } {
    const shareClass = classOf(request.mode);
    const id = this.#randomId();
    const secret = makeSecret(shareClass, this.#deps.randomBytes(SECRET_BYTES));
    const share: ShareRecord = {
      id,
      sessionId: facts.id,
      ownerKey: facts.ownerKey,
      owner: personView(identity),
      account: facts.account,
      region: facts.region,
      instanceId: facts.instanceId,
      instanceName: facts.instanceName,
      sessionStartedAtMs: facts.startedAtMs,
      shareClass,
      secretHash: secretHash(id, shareClass, secret),
      mode: request.mode,
      audience: request.audience,
      people: request.people ?? [],
      createdAtMs: this.#nowMs,
      expiresAtMs: expiryOf(request.expires, this.#nowMs),
      earlierOutput: request.earlierOutput,
      fitSmallest: request.fitSmallest ?? false,
      viewersMax: Math.min(request.viewersMax ?? policy.viewersMax, policy.viewersMax),
      ended: undefined,
      viewers: new Map(),
    };
    return { share, secret };
  }

  async #addViewer(share: ShareRecord, identity: AwsIdentity): Promise<ViewerRecord> {
    if (share.viewers.size >= VIEWERS_PER_SHARE_MAX) throw new CatalogError("SHARE_FULL");
    const viewer: ViewerRecord = {
      id: this.#randomId(),
      shareId: share.id,
      ownerKey: identity.ownerKey,
      person: personView(identity),
      joinedAtMs: this.#nowMs,
      joinOffset: undefined,
      colour: this.#book.colourFor(share.sessionId, identity.ownerKey),
    };
    share.viewers.set(viewer.id, viewer);
    try {
      await this.#deps.store.addViewer(viewer);
    } catch (error) {
      share.viewers.delete(viewer.id);
      throw error;
    }
    return viewer;
  }

  /** Who is here now is judged as whom she came; who is not, when she comes. */
  async #putOutUnadmitted(share: ShareRecord): Promise<void> {
    for (const viewer of [...share.viewers.values()]) {
      if (isAdmitted(share, viewer.person)) continue;
      this.terminalOf(share.sessionId).putOut(share, "revoked", viewer.id);
      share.viewers.delete(viewer.id);
      await this.#deps.store.removeViewer(viewer.id);
    }
  }

  /** Sockets are cut at once, before the store is waited for. */
  async #end(share: ShareRecord, why: ShareEndReason, by?: ReturnType<typeof actorOf>): Promise<void> {
    const atMs = this.#nowMs;
    share.ended = { atMs, why };
    this.#terminals.get(share.sessionId)?.putOut(share, why);
    this.#armExpiry();
    this.#audit.share(why === "revoked" ? "share.revoked" : "share.ended", share, by, why === "revoked" ? "" : why);
    await this.#deps.store.end(share.id, atMs, why).catch((error: unknown) => {
      this.#deps.log.error({ err: error, sessionId: share.sessionId }, "the end of a link could not be stored");
      if (by !== undefined) throw error; // she must know that a restart would forget it
    });
  }

  #armExpiry(): void {
    this.#cancelExpiry();
    const atMs = this.#isClosed ? undefined : this.#book.nextExpiryMs();
    if (atMs === undefined) return;
    this.#cancelExpiry = this.#deps.clock.setTimer(atMs, () => {
      const nowMs = this.#nowMs;
      const over = this.#book.expired(nowMs);
      for (const share of over) void this.#end(share, "expired");
      this.#armExpiry();
    });
  }

  #saveKeyboard(sessionId: string, snapshot: KeyboardSnapshot): void {
    this.#keyboards.set(sessionId, snapshot);
    if (this.#isClosed || this.#book.livingOf(sessionId, this.#nowMs).length === 0) return;
    this.#writing = this.#writing
      .then(() => {
        // Of several that wait only the newest is written.
        if (this.#keyboards.get(sessionId) !== snapshot) return undefined;
        return this.#deps.store.saveKeyboard(sessionId, snapshot, this.#nowMs);
      })
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error, sessionId }, "who has the keyboard could not be stored");
      });
  }

  #view(share: ShareRecord): Share {
    return shareView(share, this.#terminals.get(share.sessionId)?.watching(share.id) ?? 0);
  }

  #policyOfSession(sessionId: string): SharePolicy {
    const account = this.#deps.sessions.shareable(sessionId)?.facts.account;
    if (account === undefined) throw new CatalogError("SESSION_NOT_FOUND");
    return this.#deps.policyOf(account);
  }

  #sessionOf(sessionId: string): ShareableSession {
    const session = this.#deps.sessions.shareable(sessionId);
    if (session === undefined) throw new CatalogError("SESSION_NOT_FOUND");
    return session;
  }

  #livingOf(sessionId: string, shareId: string): ShareRecord {
    const share = this.#book.get(shareId);
    if (share === undefined || share.sessionId !== sessionId || isOver(share, this.#nowMs))
      throw new CatalogError("SHARE_NOT_FOUND");
    return share;
  }

  #randomId(): string {
    return Buffer.from(this.#deps.randomBytes(ID_BYTES)).toString("base64url");
  }

  get #nowMs(): number {
    return this.#deps.clock.nowMs();
  }
}

function classOf(mode: ShareRecord["mode"]): ShareClass {
  return mode === "view" ? "view" : "keyboard";
}
