package io.sampo.tests.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dpkg finds in the Debian package. */
@RequiresTool("dpkg-deb")
class DebianPackageTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  void itsFilesAreWhereDebianHasThemAndBelongToRoot() {
    Map<String, String> files = contents();
    files.forEach(
        (name, line) -> assertTrue(line.matches("\\S+ root/root .*"), name + ": " + line));
    for (String folder : List.of("./usr/lib/sampo/lib/", "./usr/lib/sampo/runtime/lib/")) {
      assertTrue(files.keySet().stream().anyMatch(name -> name.startsWith(folder)), folder);
    }
    for (String file :
        List.of(
            "./etc/default/sampo",
            "./etc/sampo/sampo.conf",
            "./etc/sampo/logback.xml",
            "./usr/lib/systemd/system/sampo.service",
            "./usr/share/doc/sampo/copyright",
            "./usr/share/doc/sampo/sampo.cdx.json")) {
      assertTrue(files.getOrDefault(file, "is missing").startsWith("-rw-r--r--"), file);
    }
    for (String program :
        List.of("./usr/lib/sampo/bin/sampo", "./usr/lib/sampo/runtime/bin/java")) {
      assertTrue(files.getOrDefault(program, "is missing").startsWith("-rwxr-xr-x"), program);
    }
    assertTrue(files.containsKey("./usr/bin/sampo -> ../lib/sampo/bin/sampo"), "the command");
    assertTrue(files.containsKey("./usr/lib/sampo/conf -> /etc/sampo"), "conf/");
    // Debian's etcd-server has it as a file. Here it is an alternative.
    assertTrue(files.keySet().stream().noneMatch(name -> name.startsWith("./usr/bin/etcd")));
  }

  /** By the names that dpkg lists, with the targets of links. */
  private static Map<String, String> contents() {
    Map<String, String> files = new TreeMap<>();
    for (String line : dpkgDeb("-c", Packages.debian().toString())) {
      files.put(line.substring(line.indexOf(" ./") + 1), line);
    }
    return files;
  }

  @Test
  void itsScriptsAreShellAndItsConfigurationIsKept() throws IOException {
    dpkgDeb("-e", Packages.debian().toString(), directory.toString());
    for (String script : List.of("postinst", "prerm", "postrm")) {
      Path file = directory.resolve(script);
      assertTrue(Files.isExecutable(file), script);
      Command.of(List.of("sh", "-n", file.toString())).run().succeeded();
    }
    assertEquals(
        List.of("/etc/default/sampo", "/etc/sampo/logback.xml", "/etc/sampo/sampo.conf"),
        Files.readAllLines(directory.resolve("conffiles")));
  }

  @Test
  void itNeedsNoJava() {
    String fields = String.join("\n", dpkgDeb("-f", Packages.debian().toString()));
    assertTrue(fields.contains("Package: sampo\n"), fields);
    assertTrue(fields.contains("Depends: libc6, libstdc++6, passwd\n"), fields);
  }

  private static List<String> dpkgDeb(String... words) {
    List<String> command = new ArrayList<>(List.of("dpkg-deb"));
    command.addAll(List.of(words));
    return Command.of(command).limit(LIMIT).run().succeeded().lines();
  }
}
