package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.FlagSpec;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.boot.flag.Notice;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.event.Level;

/**
 * What a user may ask etcd for and Sampo cannot do yet stops the start and is named, so that nobody
 * believes in a protection that is not there; what tunes a part that Sampo does not have is said
 * and passed over.
 */
final class MissingFeatures {
  private MissingFeatures() {}

  /**
   * Refuses what is missing.
   *
   * @throws ConfigException with one line that names every flag in question
   */
  static void refuse(FlagValues values) throws ConfigException {
    List<String> missing = new ArrayList<>();
    for (FlagSpec spec : values.table().all()) {
      if (spec.status() == FlagSpec.Status.NOT_YET && values.differsFromDefault(spec)) {
        missing.add("--" + spec.name() + (spec.note().isEmpty() ? "" : " (" + spec.note() + ")"));
      }
    }
    if (!missing.isEmpty()) {
      throw new ConfigException(
          VERIFY, "not supported by this version of Sampo: " + String.join(", ", missing));
    }
  }

  /** A line for every flag that was set to something else than its default and does nothing. */
  static List<Notice> withoutEffect(FlagValues values) {
    List<Notice> notices = new ArrayList<>();
    for (FlagSpec spec : values.table().all()) {
      if (spec.status() == FlagSpec.Status.NO_EFFECT && values.differsFromDefault(spec)) {
        notices.add(
            Notice.of(
                Level.INFO,
                "flag has no effect in Sampo",
                "flag",
                spec.name(),
                "reason",
                spec.note()));
      }
    }
    return notices;
  }
}
