package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.boot.flag.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryNoticesTest {
  @TempDir private Path folder;

  @BeforeEach
  void onlyForTheOwner() throws IOException {
    allow(folder, "rwx------");
  }

  @Test
  void filesThatAreNotOfTheMemberAreNamedAsEtcdNamesThem() throws IOException {
    Files.createFile(folder.resolve("member_id"));
    Files.createDirectory(folder.resolve(".snapshot"));
    allow(Files.createDirectory(folder.resolve("member")), "rwx------");
    Files.createDirectory(folder.resolve("before-sampo"));

    List<Notice> notices = DirectoryNotices.of(folder);

    assertEquals(
        List.of(".snapshot", "member_id"),
        notices.stream().map(notice -> notice.fields().get("filename")).toList());
    assertEquals("found invalid file under data directory", notices.get(0).message());
    assertEquals(folder.toString(), notices.get(0).fields().get("data-dir"));
  }

  @Test
  void rightsOfOthersAreNamedAsEtcdNamesThem() throws IOException {
    allow(folder, "rwxr-xr-x");
    allow(Files.createDirectories(folder.resolve("member/snap")).getParent(), "rwx------");
    allow(folder.resolve("member/snap"), "rwx------");

    Notice only = DirectoryNotices.of(folder).get(0);

    assertEquals("check file permission", only.message());
    assertEquals(
        "directory \""
            + folder
            + "\" exist, but the permission is \"drwxr-xr-x\". The recommended permission is"
            + " \"-rwx------\" to prevent possible unprivileged access to the data",
        only.fields().get("error"));
    assertEquals(1, DirectoryNotices.of(folder).size());
  }

  @Test
  void aPrivateOrMissingDirectoryIsNoMatter() {
    assertEquals(List.of(), DirectoryNotices.of(folder));
    assertEquals(List.of(), DirectoryNotices.of(folder.resolve("none")));
  }

  @Test
  void aModeIsWrittenAsGoWritesIt() {
    assertEquals("dgrwxr-x---", DirectoryNotices.modeText(02750));
    assertEquals("dtrwxrwxrwx", DirectoryNotices.modeText(01777));
  }

  private static void allow(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }
}
