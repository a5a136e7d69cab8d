package io.sampo.tests.compare;

import io.sampo.tests.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A day of an operator: every command of etcdctl that is about members, leaders and snapshots. */
final class ClusterSteps {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String ALL = "m1,m2,m3";
  private static final Pattern HASH_OF_SNAPSHOT =
      Pattern.compile(
          "\"hash\":\\d+|\"Hash\" : \\d+|\\b[0-9a-f]{1,8}(?=, \\d+, |( [│|] \\d+){2} )");
  private static final List<String> FORMATS = List.of("simple", "json", "fields", "table");

  private final List<CommandStep> steps = new ArrayList<>();

  private ClusterSteps() {}

  static List<CommandStep> all() {
    ClusterSteps all = new ClusterSteps();
    all.threeVoters();
    all.refusals();
    all.anUnstartedLearner();
    all.aLearner();
    all.fourVoters();
    all.leaders();
    all.steps.addAll(ClusterAuthSteps.all());
    all.snapshots();
    all.noQuorum();
    return all.steps;
  }

  private void on(String members, String line) {
    steps.add(new CommandStep(members + " " + line, target -> target.etcdctl(members, line)));
  }

  private void onInAllFormats(String members, String line) {
    FORMATS.forEach(format -> on(members, line + " -w " + format));
  }

  private void untilSettled(String line) {
    steps.add(new CommandStep("m1 " + line, target -> target.untilSettled("m1", line)));
  }

  private void etcdutl(String line) {
    steps.add(new CommandStep("etcdutl " + line, target -> target.etcdutl(line)));
  }

  private void action(String name, Consumer<CommandTarget> action) {
    steps.add(
        new CommandStep(
            name,
            target -> {
              action.accept(target);
              return "";
            }));
  }

  private void until(String name, String member, String line, Predicate<String> condition) {
    action(
        name,
        target ->
            Await.until(
                LIMIT, () -> "not " + name, () -> condition.test(target.etcdctl(member, line))));
  }

  private void leads(String name) {
    action(name + " is to lead", target -> target.leads(name));
  }

  private void threeVoters() {
    for (String key : List.of("a", "b", "c")) {
      on("m1", "put " + key + " value");
    }
    on("m2", "del b");
    state();
    on("m1", "member list -w json --hex");
    on("m1", "member list --consistency=s");
    on("m1", "member list --consistency=x");
    on("m2", "member list extra");
    onInAllFormats("m3", "endpoint hashkv --cluster --rev=3");
    on("m1", "endpoint hashkv --rev=100");
    on("m1", "endpoint hashkv --rev=-1");
  }

  private void state() {
    action("storage versions are noted", CommandTarget::untilStorageVersionsAreNoted);
    onInAllFormats("m2", "member list");
    onInAllFormats(ALL, "endpoint status");
    onInAllFormats("m1", "endpoint status --cluster");
    onInAllFormats(ALL, "endpoint health");
    onInAllFormats("m2", "endpoint hashkv --cluster");
  }

  private void refusals() {
    on("m1", "member add");
    on("m1", "member add m4");
    on("m1", "member add m4 --peer-urls=");
    on("m1", "member add m4 --peer-urls=nope");
    on("m1", "member add m4 --peer-urls=http://127.0.0.1");
    on("m1", "member add m4 --peer-urls=http://127.0.0.1:1/path");
    on("m1", "member add m4 --peer-urls=ftp://127.0.0.1:1");
    on("m1", "member add m4 m5 --peer-urls=http://127.0.0.1:1");
    on("m1", "member add http://127.0.0.1:1");
    for (String command : List.of("remove", "promote", "update")) {
      String rest = command.equals("update") ? " --peer-urls=http://127.0.0.1:1" : "";
      for (String id : List.of("", " nope", " 0", " 123456789abcdef", " 1 2")) {
        on("m1", "member " + command + id + rest);
      }
    }
    on("m1", "member update {id:m2}");
    on("m1", "member update {id:m2} --peer-urls=nope");
    on("m1", "member update {id:m2} --peer-urls={peer:m3}");
    onInAllFormats("m1", "member promote {id:m2}");
  }

  private void anUnstartedLearner() {
    int port = 1; // an id comes of the URL and the second: a URL again, in that second, was removed
    for (String format : FORMATS) {
      String url = "http://127.0.0.1:" + port++;
      String member = "{id:" + url + "} ";
      untilSettled("member add x --learner --peer-urls=" + url + " -w " + format);
      on("m2", "member update " + member + "--peer-urls=http://127.0.0.1:9 -w " + format);
      on("m2", "member remove " + member + "-w " + format);
      on("m2", "member remove " + member + "-w " + format);
    }
    on("m1", "member promote {id:http://127.0.0.1:1}");
    on("m1", "member update {id:http://127.0.0.1:1} --peer-urls=http://127.0.0.1:1");
    on("m1", "member add x --learner --peer-urls={peer:m1}");
    on("m1", "member add x --peer-urls=http://127.0.0.1:1,{peer:m2}");
    untilSettled("member add m4 --learner --peer-urls={peer:m4}");
    state();
    action("another second, for the ids", target -> target.untilNextSecond());
    on("m1", "member promote {id:m4}");
    on("m3", "member promote {id:m4}");
    on("m1", "member add x --learner --peer-urls=http://127.0.0.1:" + port);
    on("m1", "member add m4 --learner --peer-urls={peer:m4}");
    on("m1", "member add m4 --peer-urls={peer:m4}");
    on("m1", "move-leader {id:m4}");
  }

  private void aLearner() {
    // Not until it is ready: a learner of 3.4 never says that it is.
    action("m4 starts", target -> target.member("m4").launch());
    until("m4 has a name", "m1", "member list", text -> text.contains("started, m4,"));
    until("m4 has caught up", "m4", "endpoint status -w json", ClusterSteps::hasCaughtUp);
    state();
    onInAllFormats("m4", "endpoint status");
    onInAllFormats("m4", "endpoint health");
    onInAllFormats("m4", "endpoint hashkv");
    on("m4", "endpoint status --cluster");
    on("m4", "endpoint health --cluster");
    on("m4", "member list");
    on("m4", "member list --consistency=s");
    on("m4", "member remove {id:m4}");
    on("m4", "member promote {id:m4}");
    on("m4", "member update {id:m4} --peer-urls=http://127.0.0.1:1");
    on("m4", "member add x --peer-urls=http://127.0.0.1:1");
    on("m4", "move-leader {id:m2}");
    on("m4", "get a");
    on("m4", "get a --consistency=s");
    on("m4", "put a b");
    on("m4", "snapshot save {dir}/learner.db");
    leads("m1");
    on("m1", "move-leader {id:m4}");
    on("m1,m4", "move-leader {id:m2}");
    leads("m1");
  }

  /** Also of the cluster's version, which it takes for 3.5 at first. */
  private static boolean hasCaughtUp(String status) {
    return status.contains("\"revision\":5") && !status.contains("3.5.0");
  }

  private void fourVoters() {
    untilSettled("member promote {id:m4}");
    state();
    onInAllFormats("m3", "member promote {id:m4}");
    for (String format : FORMATS) {
      on("m3", "member update {id:m4} --peer-urls={peer:m4} -w " + format);
    }
    on("m1", "member update {id:m4} --peer-urls={peer:m4},http://127.0.0.1:3");
    onInAllFormats("m1", "member list");
    untilSettled("member remove {id:m4}");
    action("m4 ends", target -> target.member("m4").awaitExit(LIMIT));
    on("m1", "member remove {id:m4}");
    on("m1", "member promote {id:m4}");
    on("m1", "member update {id:m4} --peer-urls=http://127.0.0.1:3");
    state();
    untilSettled("member add x --peer-urls=http://127.0.0.1:5");
    onInAllFormats("m1", "member list");
    on("m1", "member promote {id:http://127.0.0.1:5}");
    on("m1", "endpoint health --cluster");
    untilSettled("member remove {id:http://127.0.0.1:5}");
  }

  private void leaders() {
    leads("m1");
    on("m1", "move-leader");
    on("m1", "move-leader nope");
    on("m1", "move-leader 0");
    on("m1", "move-leader 123456789abcdef");
    on("m1", "move-leader {id:m1} {id:m2}");
    onInAllFormats("m1", "move-leader {id:m1}");
    onInAllFormats("m2", "move-leader {id:m2}");
    on("m2,m3", "move-leader {id:m3}");
    for (String format : FORMATS) {
      leads("m1");
      on(ALL, "move-leader {id:m2} -w " + format);
    }
    on(ALL, "endpoint status -w table");
    leads("m1");
  }

  private void snapshots() {
    on("m1", "snapshot");
    on("m1", "snapshot save");
    on("m1", "snapshot save {dir}/s.db");
    on("m2", "snapshot save {dir}/s.db -w json");
    on("m1", "snapshot save {dir}/t.db -w table");
    on(ALL, "snapshot save {dir}/u.db");
    on("m1", "snapshot save {dir}/none/s.db");
    action("damaged copies", ClusterSteps::damage);
    for (String file : List.of("s", "flipped", "torn", "bare", "empty", "missing")) {
      for (String format : FORMATS) {
        status("{dir}/" + file + ".db -w " + format);
      }
    }
    etcdutl("hashkv {dir}/s.db");
    etcdutl("hashkv {dir}/s.db --rev=3 -w json");
    for (String file : List.of("s", "flipped", "torn", "bare", "empty", "missing")) {
      restore(file, file + "-restored", "");
    }
    restore("bare", "bare-unchecked", " --skip-hash-check=true");
    restore("s", "s-restored", "");
    restore("s", "bumped", " --bump-revision=1000 --mark-compacted");
    restore("s", "unmarked", " --bump-revision=1000");
    etcdutl("snapshot restore {dir}/s.db --data-dir {dir}/other --name nobody");
    etcdutl("hashkv {dir}/s-restored/member/snap/db");
    etcdutl("hashkv {dir}/bumped/member/snap/db");
    status("{dir}/bumped/member/snap/db -w json");
  }

  /** Its hash is of the members too. */
  private void status(String line) {
    String words = "snapshot status " + line;
    steps.add(new CommandStep("etcdutl " + words, target -> withoutHash(target.etcdutl(words))));
  }

  private static String withoutHash(String answer) {
    return HASH_OF_SNAPSHOT
        .matcher(answer)
        .replaceFirst("<hash>")
        .lines()
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private void restore(String file, String directory, String options) {
    etcdutl(
        ("snapshot restore {dir}/%s.db --data-dir {dir}/%s --name r"
                + " --initial-cluster r=http://127.0.0.1:1"
                + " --initial-advertise-peer-urls http://127.0.0.1:1%s")
            .formatted(file, directory, options));
  }

  private static void damage(CommandTarget target) {
    Path folder = target.files();
    try {
      byte[] sound = Files.readAllBytes(folder.resolve("s.db"));
      byte[] flipped = sound.clone();
      flipped[sound.length - 1] ^= 1; // the checksum itself: the pages stay readable
      Files.write(folder.resolve("flipped.db"), flipped);
      Files.write(folder.resolve("torn.db"), Arrays.copyOf(sound, sound.length - 7));
      Files.write(folder.resolve("bare.db"), Arrays.copyOf(sound, sound.length - 32));
      Files.write(folder.resolve("empty.db"), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void noQuorum() {
    action(
        "m2 and m3 die",
        target -> {
          target.member("m2").kill();
          target.member("m3").kill();
        });
    until("m1 leads no more", "m1", "endpoint status", line -> line.contains("no leader"));
    onInAllFormats("m1", "endpoint status");
    on("m1", "endpoint hashkv");
    on("m1", "member list --consistency=s");
    on("m1", "get a --consistency=s");
    on("m1", "snapshot save {dir}/alone.db");
    on("m1", "move-leader {id:m2}");
    together(
        List.of(
            "endpoint status --cluster",
            "endpoint health --cluster",
            "endpoint health -w json",
            "member list",
            "put a b",
            "get a"));
    // What the server says when its own time is over.
    together(
        List.of(
            "member add x --peer-urls=http://127.0.0.1:1 --command-timeout=40s",
            "member add x --learner --peer-urls=http://127.0.0.1:1 --command-timeout=40s",
            "member promote {id:m2} --command-timeout=40s",
            "lease keep-alive --once 1234 --command-timeout=40s"));
  }

  private void together(List<String> lines) {
    steps.add(new CommandStep("m1 alone: " + lines.get(0), target -> target.together("m1", lines)));
  }
}
