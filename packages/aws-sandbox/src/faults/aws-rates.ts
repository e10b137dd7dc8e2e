/**
 * Rates for `--throttle` and for the page: as AWS throttles, as far as it is known. EC2's are its published quotas (requests that are
 * paged or change something); the portal's is what was reported; Systems Manager's are not published, and these are careful guesses:
 * few sessions a second, one status a machine, a list in pages.
 */
import type { RateRule } from "./fault-plan.ts";

const rated = (operations: readonly string[], perSecond: number, burst: number): RateRule[] =>
  operations.map((operation) => ({ operation, perSecond, burst }));

export const AWS_RATES: readonly RateRule[] = [
  ...rated(["DescribeInstances", "DescribeRegions"], 20, 100),
  ...rated(["StartInstances", "StopInstances", "RebootInstances"], 5, 50),
  ...rated(["ListAccounts", "ListAccountRoles", "GetRoleCredentials"], 20, 20),
  ...rated(["StartSession", "ResumeSession", "TerminateSession"], 5, 15),
  ...rated(["GetConnectionStatus", "DescribeSessions", "ListTagsForResource"], 10, 30),
  ...rated(["DescribeInstanceInformation"], 20, 40),
  ...rated(["GetDocument", "DescribeDocument", "ListDocuments", "ListDocumentVersions"], 10, 30),
];
