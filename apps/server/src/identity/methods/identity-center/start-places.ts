import { CatalogError } from "../../../platform/catalog-error.ts";
import { normalStartUrl } from "../../../platform/start-place.ts";
import type { StartPlace } from "./identity-center.ts";

/** Hosts of AWS where portals are. Nothing is ever fetched from a start URL, it is only named to AWS; this keeps out nonsense. */
const PORTAL_HOST = /^([a-z0-9-]{1,63}\.awsapps\.com|[a-z0-9-]{1,63}\.portal\.[a-z0-9-]{1,40}\.app\.aws)$/;
const REGION = /^[a-z]{2}(-[a-z]{2,12}){1,2}-[0-9]{1,2}$/;
export interface StartPlacesConfig {
  /** From configuration: trusted as they stand. */
  listed: readonly StartPlace[];
  /** Whether a person may type another one. */
  typed: boolean;
}

function isRegionName(text: string): boolean {
  return REGION.test(text);
}

/**
 * The place to sign in at: a listed one, or a typed one that looks like AWS's.
 * @throws CatalogError START_URL_NOT_ALLOWED
 */
export function allowedPlace({ listed, typed }: StartPlacesConfig, asked: StartPlace): StartPlace {
  const startUrl = normalStartUrl(asked.startUrl);
  const place = listed.find((each) => each.startUrl === startUrl && each.region === asked.region);
  if (place !== undefined) return place;
  if (!typed || startUrl === undefined || !isRegionName(asked.region)) throw new CatalogError("START_URL_NOT_ALLOWED");
  const url = new URL(startUrl);
  if (url.protocol !== "https:" || url.port !== "" || !PORTAL_HOST.test(url.hostname))
    throw new CatalogError("START_URL_NOT_ALLOWED");
  return { startUrl, region: asked.region };
}
