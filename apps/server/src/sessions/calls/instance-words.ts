/** @param ec2State EC2's word; undefined: not known, or not EC2's machine. "pending" is on its way to running. */
export function isStopped(ec2State: string | undefined): boolean {
  return ec2State !== undefined && ec2State !== "running" && ec2State !== "pending";
}
