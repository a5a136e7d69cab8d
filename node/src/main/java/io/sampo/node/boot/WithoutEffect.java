package io.sampo.node.boot;

import io.sampo.node.boot.flag.FlagSpec;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.boot.flag.Notice;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.event.Level;

/** What tunes a part that Sampo does not have is said and passed over. */
final class WithoutEffect {
  private WithoutEffect() {}

  /** A line for every flag that was set to something else than its default and does nothing. */
  static List<Notice> notices(FlagValues values) {
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
