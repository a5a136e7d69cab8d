package io.sampo.tests.benchmark;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The lines of the report, in the order in which a round measures them. */
enum Line {
  START("from exec to the first linearizable read"),
  IDLE("memory two seconds after the start"),
  COLD_CALLS("the first puts and gets of a node of its own, 100 clients"),
  COLD_PUT("the first puts after the start, many clients"),
  PUT_MANY("puts, many clients"),
  GET_MANY("linearizable gets, many clients"),
  PUT_ONE("puts, one client"),
  GET_ONE("linearizable gets, one client"),
  AFTER_PUTS("memory after the runs above"),
  LOAD("keys written by transactions of 100 puts"),
  LIST("pages of 500 keys out of all of those, one client"),
  FULL("memory with those keys"),
  KEEP_ALIVE("lease renewals, 100 clients with a stream each"),
  KEEP_ALIVE_ONCE("lease renewals, a stream for each, 100 clients"),
  WATCH_CREATE("watches created and confirmed, 100 streams");

  private final String what;

  Line(String what) {
    this.what = what;
  }

  String what() {
    return what;
  }

  /** As options and the report write it: {@code put-one}. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Line of(String title) {
    return Arrays.stream(values())
        .filter(line -> line.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no line " + title + "; there are " + titles(EnumSet.allOf(Line.class))));
  }

  static String titles(Set<Line> lines) {
    return lines.stream().map(Line::title).collect(Collectors.joining(","));
  }
}
