package io.sampo.tests.faults;

import java.util.List;

/**
 * What a round has shown.
 *
 * @param unknown calls that were not answered, or with an error
 * @param judged answers
 * @param resumes of watchers at some other member
 * @param snapshots that members were sent
 */
record FaultResult(
    List<String> violations,
    int calls,
    long unknown,
    int judged,
    long revision,
    long events,
    int resumes,
    long snapshots) {

  @Override
  public String toString() {
    return ("%d calls, %d of them with unknown outcome; %d answers judged, %d revisions, %d events to"
            + " watchers that moved %d times, %d snapshots sent to members; %s")
        .formatted(
            calls,
            unknown,
            judged,
            revision,
            events,
            resumes,
            snapshots,
            violations.isEmpty()
                ? "nothing wrong"
                : violations.size() + " violations:\n" + String.join("\n", violations));
  }
}
