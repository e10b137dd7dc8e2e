/** Terminals that others share with this person, and her own links, over all sessions. */
import type { ShareLists as Lists, SharedSession } from "@causeway/wire-contract/sharing";
import type { ReactNode } from "react";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import "../../ui/table.css";
import "./sharing.css";
import { TableHead } from "../../ui/table-head.tsx";
import { audienceWords, endsWords, MODES } from "./share-words.ts";

type OwnLink = Lists["mine"][number];

interface Props {
  lists: Lists;
  nowMs: number;
  onOpen(shareId: string): void;
  /** Goes to the terminal that the link is of. */
  onGoTo(link: OwnLink): void;
  onEnd(link: OwnLink): void;
}

export function ShareLists({ lists: { mine, withMe }, nowMs, onOpen, onGoTo, onEnd }: Props) {
  return (
    <section className="table-rows" aria-label="Shared terminals" tabIndex={0}>
      <h2 className="table-note share-heading">Shared with me</h2>
      {withMe.length === 0 ? (
        <Notice icon="eye" title="Nobody shares a terminal with you now">
          <p>Terminals whose links you have opened are listed here until the links end.</p>
        </Notice>
      ) : (
        <Table title="Shared with me" columns={["Instance", "Shared by", "You may", "Region", "Link"]}>
          {withMe.map((shared) => (
            <SharedRow key={shared.shareId} shared={shared} nowMs={nowMs} onOpen={() => onOpen(shared.shareId)} />
          ))}
        </Table>
      )}
      <h2 className="table-note share-heading">My shares</h2>
      {mine.length === 0 ? (
        <Notice icon="share" title="You share no terminal now">
          <p>Open a terminal and choose Share in its bar: a link is made there.</p>
        </Notice>
      ) : (
        <Table title="My shares" columns={["Instance", "They may", "Who may open", "Link", "Watching", "Came by it"]}>
          {mine.map((link) => (
            <tr key={link.id}>
              <td>
                {link.instanceName} <span className="mono t3">{link.instanceId}</span>
              </td>
              <td>{MODES[link.mode].name}</td>
              <td>{audienceWords(link)}</td>
              <td className="num">{endsWords(link.expiresAt, nowMs)}</td>
              <td className="num">{link.watching}</td>
              <td className="num">{link.joined}</td>
              <td>
                <span className="row-actions">
                  <Button size="sm" onClick={() => onGoTo(link)}>
                    Go to the terminal <span className="sr">on {link.instanceName}</span>
                  </Button>
                  <Button size="sm" onClick={() => onEnd(link)}>
                    End <span className="sr">the link to {link.instanceName}</span>
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function SharedRow({ shared, nowMs, onOpen }: { shared: SharedSession; nowMs: number; onOpen(): void }) {
  const { instanceId, instanceName, owner, mode, region, expiresAt } = shared;
  return (
    <tr>
      <td>
        {instanceName} <span className="mono t3">{instanceId}</span>
      </td>
      <td>
        {owner.name} <span className="t3">{owner.proven ? owner.account : `${owner.account}, unverified`}</span>
      </td>
      <td>{MODES[mode].name}</td>
      <td>{region}</td>
      <td className="num">{endsWords(expiresAt, nowMs)}</td>
      <td>
        <span className="row-actions">
          <Button size="sm" variant="primary" onClick={onOpen}>
            Watch <span className="sr">{instanceName}</span>
          </Button>
        </span>
      </td>
    </tr>
  );
}

function Table({ title, columns, children }: { title: string; columns: readonly string[]; children: ReactNode }) {
  return (
    <table aria-label={title}>
      <TableHead columns={columns} />
      <tbody>{children}</tbody>
    </table>
  );
}
